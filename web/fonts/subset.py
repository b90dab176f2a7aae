"""Makes the fonts that pages use from those of npm: subset.py NODE_MODULES OUT_DIRECTORY

Latin letters (`ext`: those of the other languages of the EEA) and the punctuation of prose, weights 400 to 700 where a font is used in several.
Debian: python3-fonttools, python3-brotli.
"""
import io
import sys

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, 0x160, 0x161, 0x17D, 0x17E,
         *range(0x2009, 0x2016), *range(0x2018, 0x201F), 0x2022, 0x2026, 0x202F, 0x2032, 0x2033,
         0x2039, 0x203A, 0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212]
EXTENDED = [c for c in range(0x100, 0x180) if c not in LATIN] + [0x218, 0x219, 0x21A, 0x21B]
ASCII = [*range(0x20, 0x7F), 0xB7, 0xC5, 0xC6, 0xD8, 0xE5, 0xE6, 0xF8, 0x2013, 0x2026]
TEXT = ['kern', 'liga', 'calt', 'ccmp', 'locl', 'mark']
FONTS = [
    ('serif', 'source-serif-4/files/source-serif-4-latin-wght-normal.woff2', LATIN, TEXT, (400, 700)),
    ('grotesk', 'schibsted-grotesk/files/schibsted-grotesk-latin-wght-normal.woff2', LATIN, TEXT,
     (400, 700)),
    ('serif-ext', 'source-serif-4/files/source-serif-4-latin-ext-wght-normal.woff2', EXTENDED, TEXT,
     (400, 700)),
    ('grotesk-ext', 'schibsted-grotesk/files/schibsted-grotesk-latin-ext-wght-normal.woff2', EXTENDED,
     TEXT, (400, 700)),
    ('mono', 'jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2', ASCII, ['ccmp'], 400),
]

modules, out = sys.argv[1], sys.argv[2]
for name, source, characters, features, weight in FONTS:
    font = TTFont(f'{modules}/@fontsource-variable/{source}', recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # names, copyright and licence stay
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    # The instancer wants a font as it is read, not as it is being edited.
    plain = io.BytesIO()
    font.flavor = None
    font.save(plain)
    plain.seek(0)
    font = instancer.instantiateVariableFont(TTFont(plain, recalcTimestamp=False),
                                             {'wght': weight})
    font.flavor = 'woff2'
    font.save(f'{out}/{name}.woff2')
