"""The stewards' console: a web page over the published warehouse and the decisions database."""
