"""Headers of .npy files, and what numpy makes of each: the expected values of spec/vectors/numpy-headers.json.

    python spec/vectors/numpy-headers.py > spec/vectors/numpy-headers.json
"""
import io
import json
import struct
import warnings

import numpy

warnings.simplefilter("ignore")
numbers = numpy.arange(1, 9, dtype="<f8").tobytes()


def file(header, version, data=numbers):
    content = header.encode("latin1" if version < 3 else "utf8")
    length = struct.pack("<H" if version == 1 else "<I", len(content))
    return b"\x93NUMPY" + bytes([version, 0]) + length + content + data


def case(header, version=1, data=numbers):
    """What numpy reads: None where it refuses, or the type of array is none that is read here."""
    try:
        array = numpy.load(io.BytesIO(file(header, version, data)))
        kind = array.dtype.kind + str(array.dtype.itemsize)
        if array.dtype.kind == "U" and array.shape == ():
            read = {"text": str(array)}
        elif kind in ("f4", "f8"):
            read = {"shape": array.shape, "values": [float(x) for x in array.ravel(order="C")]}
            # numpy leaves bytes behind the array alone, for several arrays in one file; here they are refused.
            data = data[: array.nbytes]
        else:
            read = None
    except Exception:
        read = None
    return {"header": header, "version": version, "data": data.hex(), "read": read}


def whole(descr="'<f8'", order="False", shape="(8,)"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n"


descrs = """'<f8' '=f8' '|f8' 'f8' 'd' '<d' 'float64' '<float64' 'float' 'double' 'D' '<f8\\x20' '' '<i8' '<c16' '|b1' '?' 'O' '@f8'
'<F8' '8' u'<f8' U'<f8' b'<f8' r'<f8' '<''f8' '\\x3cf8' '\\074f8' '\\u003cf8' '\\<f8' "<f8" '''<f8''' ('<f8',) ['<f8'] [('a','<f8')] None
True 8 <f8""".split()
shapes = """(8,) (8) [8] 8 (2,4) (2,4,) (2,2,2) (2L,4L) (8L,) (8l,) (8LL,) () (,) (2,,4) (0x8,) (0X8,) (0o10,) (0b1000,) (010,) (08,) (00,) (0_8,)
(8_,) (1_0,) (+8,) (-8,) (--8,) (8.0,) (8.,) (8e0,) (8j,) (4+4,) (4*2,) ((8),) ((8,),) (0,) (8,0) (2.4) {8} {8:1} (*[8],) 'x' None True
(99999999999999999999,0) (18446744073709551616,) (9223372036854775808,0)""".split() + [
    "( 2 ,4 )", "(2,\n4)", "(2,\t4)", "(2,\f4)", "(2,\r\n4)", "(2, # rows\n4)", "(2 4)", "(8 L,)", "(8,)\\\n", "(4, 2) + (1,)", "(1,) * 8",
]
orders = ["True", "False", "1", "0", "None", "'True'", "true", "not True", "(True)", "FALSE"]
plain = "'shape':(8,),'descr':'<f8','fortran_order':False"
wholes = [
    "{" + plain + "}", " \t{" + plain + "}", "\n{" + plain + "}\n\n", "{" + plain + ",}", "{" + plain + ",,}", "{" + plain + ",'x':1}",
    "{" + plain + ",'shape':(2,4)}", "({" + plain + "})", "{" + plain + "};", "{" + plain + "}#c", "{" + plain + "},", "{" + plain, plain,
    "[" + plain + "]", "{" + plain + "}\0", "{'shape':(8,),'descr':'<f8'}", "{'shape':(8,),'des' 'cr':'<f8','fortran_order':False}",
    '{"shape":(8,),"descr":"<f8","fortran_order":False}', "{'shape'  :(8,) ,\t'descr' : '<f8','fortran_order':False}", "", "{}", "None",
    "{'shape':\\\n(8,),'descr':'<f8','fortran_order':False}", "{1:2," + plain + "}", "dict(shape=(8,),descr='<f8',fortran_order=False)",
    "{**{'shape':(8,)},'descr':'<f8','fortran_order':False}", "{'shape':(8,),'descr':'<f8\n','fortran_order':False}",
    "{'shape':(8,),'descr':'''<f8''','fortran_order':False}", "{" + plain + "}" + " " * 60,
]

text = "'descr': '%s', 'fortran_order': False, 'shape': (), }\n"
texts = [
    ("<U3", "a\u00e9\U0010ffff".encode("utf-32-le")), (">U3", "a\u00e9\U0010ffff".encode("utf-32-be")), ("=U1", b"a\0\0\0"), ("|U1", b"a\0\0\0"),
    ("U1", b"a\0\0\0"), ("<U3", b"a\0\0\0" + b"\0" * 8), ("<U3", b"\0" * 4 + b"a\0\0\0" + b"\0" * 4), ("<U0", b""), ("<U03", b"a\0\0\0" * 3), ("<S3", b"abc"),
]

cases = (
    [case(whole(descr=d)) for d in descrs]
    + [case(whole(shape=s), v) for s in shapes for v in (1, 3)]
    + [case(whole(order=o, shape="(2,4)")) for o in orders]
    + [case(whole(order="True", shape="(2,2,2)"))]
    + [case(h, v) for h in wholes for v in (1, 2, 3)]
    + [case(whole(descr="'>f8'"), 1, numpy.arange(1, 9, dtype=">f8").tobytes())]
    + [case(whole(descr="'%sf4'" % o), 1, numpy.arange(1, 9, dtype=o + "f4").tobytes()) for o in "<>="]
    + [case(whole(descr="'%s'" % d), 1, numpy.arange(1, 9, dtype="<f4").tobytes()) for d in ("f", "single", "float32")]
    + [case("{" + text % d, 1, data) for d, data in texts]
)
print(json.dumps({"numpy": numpy.__version__, "cases": cases}, indent=1, ensure_ascii=True))
