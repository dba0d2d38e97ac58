import base64
from io import BytesIO

import qrcode


def qr_code(text):
    """QR code of a text or link.

    :return: PNG in base64
    """
    stream = BytesIO()
    qrcode.make(text, box_size=6, border=2).save(stream, "PNG")
    return base64.b64encode(stream.getvalue())
