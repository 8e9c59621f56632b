"""The portal's own line icons: 16 × 16 drawings as SVG shapes, stroked in the text's colour.

Drawn inline rather than from a sprite, so that they also work in partial answers, in print and
on the error page that must not depend on anything.
"""

from __future__ import annotations

SIGNS = {
    "met": '<circle cx="5" cy="5" r="4.2"/>',
    "not": '<path d="M5 .6 9.7 9.2H.3z"/>',
    "unk": '<path d="M5 .2 9.8 5 5 9.8.2 5z"/>',
    "na": '<path d="M1 4.2h8v1.6H1z"/>',
}

ICONS = {
    "home": '<path d="M2 2h5v5H2zM9 2h5v5H9zM2 9h5v5H2zM9 9h5v5H9z"/>',
    "tray": '<path d="M2 9.5 4 3h8l2 6.5V13H2zM2 9.5h3.5l1 2h3l1-2H14"/>',
    "tree": '<path d="M6 2h4v3H6zM1.5 11h4v3h-4zM10.5 11h4v3h-4zM8 5v3M3.5 11V8h9v3"/>',
    "person": '<circle cx="8" cy="5" r="2.75"/>'
    '<path d="M2.5 14c.4-3 2.6-4.5 5.5-4.5s5.1 1.5 5.5 4.5"/>',
    "plan": '<path d="M2 3h3v10H2zM6.5 3h3v7h-3zM11 3h3v4.5h-3z"/>',
    "swap": '<path d="M2 5.5h11M10.5 3 13 5.5 10.5 8M14 10.5H3M5.5 8 3 10.5 5.5 13"/>',
    "list-check": '<path d="m2 4 1.2 1.2L5.5 3M2 8.5l1.2 1.2L5.5 7.5M2 13l1.2 1.2L5.5 12'
    'M8 4.5h6M8 9h6M8 13.5h6"/>',
    "run": '<path d="M13.5 8A5.5 5.5 0 1 1 11.5 3.8M13.5 2v3h-3M8 5v3.2l2 1.3"/>',
    "inspect": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5M5 7l1.5 1.5L9 6"/>',
    "report": '<path d="M3 1.5h7l3 3v10H3zM5.5 11V9M8 11V6.5M10.5 11V8"/>',
    "book": '<path d="M8 3.5C6.5 2.4 4.5 2 2 2v10.5c2.5 0 4.5.4 6 1.5 1.5-1.1 3.5-1.5 6-1.5'
    'V2c-2.5 0-4.5.4-6 1.5zM8 3.5V14"/>',
    "upload": '<path d="M8 10V2.5M5 5.5l3-3 3 3M2.5 10.5v3h11v-3"/>',
    "download": '<path d="M8 2.5V10M5 7l3 3 3-3M2.5 10.5v3h11v-3"/>',
    "search": '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>',
    "inbox": '<path d="M2.5 9.5 4 3.5h8l1.5 6v4h-11zM2.5 9.5H6l1 2h2l1-2h3.5"/>',
    "bell": '<path d="M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3zM6.5 14h3"/>',
    "down": '<path d="m4 6 4 4 4-4"/>',
    "up": '<path d="m4 10 4-4 4 4"/>',
    "right": '<path d="m6 4 4 4-4 4"/>',
    "left": '<path d="m10 4-4 4 4 4"/>',
    "arrow": '<path d="M2.5 8h11M9.5 4l4 4-4 4"/>',
    "close": '<path d="m4 4 8 8M12 4l-8 8"/>',
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "check": '<path d="m3 8.5 3.5 3.5L13 4.5"/>',
    "menu": '<path d="M2 4h12M2 8h12M2 12h12"/>',
    "file": '<path d="M4 1.5h5.5l3 3v10H4zM9.5 1.5v3h3"/>',
    "columns": '<path d="M2 3h12v10H2zM6 3v10M10 3v10"/>',
    "undo": '<path d="M3 6h6.5a3.5 3.5 0 0 1 0 7H6M5.5 3 3 6l2.5 3"/>',
    "lock": '<path d="M3.5 7h9v7h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>',
    "calendar": '<path d="M2.5 3.5h11v10h-11zM2.5 6.5h11M5.5 2v3M10.5 2v3"/>',
    "star": '<path d="m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z"/>',
    "info": '<circle cx="8" cy="8" r="6"/><path d="M8 7.5V11M8 5v.01"/>',
    "key": '<circle cx="5" cy="11" r="2.75"/><path d="m7 9 6.5-6.5M11 5l2 2M9.5 6.5l1.2 1.2"/>',
    "shield": '<path d="M8 1.5 13 3.5v4c0 3.2-2 5.7-5 7-3-1.3-5-3.8-5-7v-4z"/>',
    "exit": '<path d="M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3"/>',
    "gear": '<circle cx="8" cy="8" r="2.25"/><path d="M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2'
    'M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4"/>',
    "globe": '<circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c2 1.7 2.7 3.7 2.7 6S10 12.3 8 14'
    'C6 12.3 5.3 10.3 5.3 8S6 3.7 8 2z"/>',
    "rows": '<path d="M2 3.5h12M2 6.5h12M2 9.5h12M2 12.5h12"/>',
    "fold": '<path d="M2 2.5h12v11H2zM6 2.5v11M11 6 9 8l2 2"/>',
    "grid": '<path d="M2 2.5h12v11H2zM2 6h12M2 9.75h12M6.5 2.5v11"/>',
    "filter": '<path d="M2 3h12l-4.5 5.5V13l-3-1.5v-3z"/>',
    "print": '<path d="M4.5 6V2h7v4M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4.5h-7z"/>',
}
