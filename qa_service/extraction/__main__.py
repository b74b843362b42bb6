"""``python -m qa_service.extraction``: the process that files are read in."""

from qa_service.extraction.process import run

run()
