SELECT redirect_to FROM golden_id_redirect WHERE golden_id = $golden_id
