"""Reading workbooks of strangers: bounded before anything is interpreted."""

import io
import zipfile

import openpyxl

MOST_PARTS = 500  # files in the archive: sheets, styles, pictures
MOST_BYTES = 20 * 1024 * 1024  # of all that would be unpacked and read
MOST_TAGS = 500_000  # what takes the time: cells, shared strings, formats
MOST_FORMATS = 60_000
MOST_COLUMNS = 50
PICTURES = ("xl/media/", "xl/embeddings/")  # never read


class UnreadableWorkbook(Exception):
    """No workbook, a broken one, or one that would take too long."""


def read_first_sheet(content, most_rows):
    """The cells of the first sheet of a workbook.

    :param content: bytes of the file
    :param most_rows: rows that are read; of a longer sheet one more
    :return: list of tuples of values
    :raise UnreadableWorkbook: whatever is wrong with the file
    """
    try:
        _check_archive(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        # sheets may claim 16,384 columns for each of a million rows
        cells = book.worksheets[0].iter_rows(
            max_row=most_rows + 1, max_col=MOST_COLUMNS, values_only=True
        )
        return list(cells)
    except Exception as error:  # pylint: disable=broad-exception-caught
        # openpyxl falls over a broken file with any error there is
        raise UnreadableWorkbook from error


def _check_archive(content):
    """Refuse what is small in the archive and huge outside (R-T07)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [
            part
            for part in archive.infolist()
            if not part.filename.startswith(PICTURES)
        ]
        # no more than what a part declares is ever unpacked of it
        size = sum(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or size > MOST_BYTES:
            raise UnreadableWorkbook
        tags = 0
        for part in parts:
            found = _count_tags(archive.read(part))
            tags += found
            if tags > MOST_TAGS or ("styles" in part.filename and found > MOST_FORMATS):
                raise UnreadableWorkbook


def _count_tags(xml):
    if b"<!DOCTYPE" in xml.replace(b"\0", b""):
        raise UnreadableWorkbook  # entities that grow
    return xml.count(b"<")
