SELECT stage, customers FROM mart_lifecycle WHERE outlet_code = $outlet
