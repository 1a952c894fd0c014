// Small helps for all pages; every page works without them.
"use strict";
