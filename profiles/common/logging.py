"""Log lines never carry an identity number, whoever wrote the message."""

from __future__ import annotations

import logging

from profiles.common.identity import mask_in_text


class MaskIdentityNumbers(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = mask_in_text(message)
        if masked != message:
            record.msg, record.args = masked, None
        if record.exc_info:
            text = logging.Formatter().formatException(record.exc_info)
            record.exc_text = mask_in_text(text)
            record.exc_info = None
        return True
