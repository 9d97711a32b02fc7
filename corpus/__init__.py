"""The contract between ingest and chatbot: records, sites, language and the index."""
