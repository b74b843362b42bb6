"""Articles out of files of several kinds, read in a process of its own, bounded in all it takes."""

from qa_service.extraction.extracted import Extracted, Lost
from qa_service.extraction.kinds import ENDINGS, MAX_FILE
from qa_service.extraction.process import Extractor

__all__ = ["ENDINGS", "MAX_FILE", "Extracted", "Extractor", "Lost"]
