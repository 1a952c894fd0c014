"""Static pages over the marts, for sales and service directors: aggregates, and no network.

`site.write` asks each page's module for its `Page`, draws its pictures as SVG and writes HTML with
one stylesheet and one script beside it.
"""
