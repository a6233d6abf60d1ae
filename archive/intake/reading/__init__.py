"""From an uploaded file to rows, streaming: memory is the same for a hundred rows and for a million."""
