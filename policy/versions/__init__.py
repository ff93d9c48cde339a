"""Policy versions: small files, each validated and hashed before anything is judged by it."""
