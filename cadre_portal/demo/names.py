"""Invented names in the manner of the ethnic groups of Cao Bằng, and the groups' shares."""

from random import Random

KINH, TAY, NUNG, MONG, DAO, SAN_CHAY, LO_LO = "01", "02", "07", "08", "09", "15", "43"

#: Census of 1 April 2019, people by ethnic code (REGULATIONS section 7); the rest lived there too.
CENSUS: dict[str, int] = {
    TAY: 216_577,
    NUNG: 158_114,
    MONG: 61_759,
    DAO: 54_947,
    KINH: 27_170,
    SAN_CHAY: 7_908,
    LO_LO: 2_861,
    "04": 500,
    "06": 305,
    "03": 200,
}

_SURNAMES: dict[str, str] = {
    KINH: "Nguyễn Nguyễn Nguyễn Trần Trần Lê Lê Phạm Vũ Đỗ Bùi Ngô Đặng Đinh Phan Trịnh Tạ Cao",
    TAY: (
        "Nông Nông Hoàng Hoàng Bế Đàm Đàm Hà Lương Lý Mã Ma Lục Triệu La Tô Sầm Phan Dương Mạc"
        " Chu Hứa Đoàn Trương Thẩm Lưu Nguyễn Đinh Bàng Vi"
    ),
    NUNG: (
        "Nông Nông Hoàng Hoàng Lương Lý Lục Mông Vương Long Hứa Triệu Sầm Phùng Tô Lâm Chu Lăng"
        " Linh Đàm Vy Mã Thang Lã Phan Trương"
    ),
    MONG: "Vàng Giàng Thào Lầu Sùng Dương Hoàng Lý Vừ Má Hầu Đào Tráng Ngô Thò Cứ",
    DAO: "Bàn Bàn Triệu Triệu Đặng Lý Chảo Phùng Tẩn Chẩu Hoàng Trương Dương",
    SAN_CHAY: "Hoàng Trần Lâm Nịnh La Lục Tằng Trương Lý Hà",
    LO_LO: "Chi Chi Lang Lang Hoàng Lùng Dìu Sình",
}

_MALE_MIDDLE = (
    "Văn Văn Văn Đức Hữu Quang Minh Xuân Quốc Trung Ngọc Thế Mạnh Công Thanh Tuấn Việt Hồng Ích"
    " Đình Thành Trọng Duy Anh Bá Hoàng"
)
_MALE_GIVEN = (
    "Hùng Dũng Cường Tuấn Sơn Hải Long Nam Thắng Tùng Kiên Trường Giang Bình Huy Đạt Quân Hiếu"
    " Thành Khánh Phong Lâm Toàn Tiến Vinh Tú Hợp Cương Thái Khiêm Quý Định Lợi Chiến Luân Hưng"
    " Khoa Trọng Ánh Chung Duẩn Kỳ Tuyên Đông Nghĩa Thiện Tài Tân Thông Phúc Doanh Hoạt Bách"
)
_FEMALE_MIDDLE = (
    "Thị Thị Thị Thị Thị Thị Thị|Thu Thị|Bích Thị|Ngọc Thị|Thanh Thị|Kim Thị|Hồng Thị|Minh Thu"
    " Thúy Bích Hồng Ngọc Thanh Kim"
)
_FEMALE_GIVEN = (
    "Hà Hương Lan Mai Nga Hoa Huyền Thảo Phương Yến Trang Thủy Vân Ánh Hằng Hạnh Loan Liên Nhung"
    " Oanh Quỳnh Tâm Thơm Tuyết Xuyến Diệp Duyên Hiền Hòa Huế Lệ Linh Lý Ngân Nguyệt Nhàn Thoa"
    " Tươi Chiêm Dung Đào Gấm Kiều Luyến Mỵ Ngoan Sen Thiết Viện"
)

#: (male middle, male given, female middle, female given) where a group has its own.
_OWN: dict[str, tuple[str, str, str, str]] = {
    MONG: (
        "A A Văn Văn Seo Mí Chá",
        "Páo Sình Dềnh Chứ Sính Súng Giống Dính Chúng Tủa Vảng Thề Lử Pháo Nhè Phử Sùng Máy Chá",
        "Thị Thị Thị Seo",
        "Mỷ Dế Máy Sua Chú Pà Mùa Dợ Chia Xía Say Vá Dúa Sáy Cở",
    ),
    DAO: (
        "Văn Văn Chòi Vần Tòn Dào Phụ Sành Chàn Kiềm",
        "Sếnh Phúc Khuôn Pu Chiêm Tòng Lai Minh Quân Vạn Sinh Hội Tài Quẩy Phây Kinh Thanh Sèng",
        "Mùi Mùi Thị Thị Tả",
        "Khé Mẩy Liều Nái Pham Ghến Viện Chản Coi Mán Lai Sảy Nhậy",
    ),
    SAN_CHAY: (
        "Văn Văn Sỹ Tiến Đức",
        "Sìn Hai Phồng Lìn Chắn Bảo Thành Sáng Dìn Coóng",
        "Thị Thị",
        "Hai Lìn Múi Sồi Nhì Lan Hoa Chắn",
    ),
    LO_LO: (
        "Văn Văn Mìn",
        "Pèng Thàn Tài Kha Khao Páo Seng Quảng",
        "Thị Thị",
        "Kíu Xuyên Pham Vàn Nái Diện Sóng",
    ),
}

#: Part of a group with its own given names; the others use the common Vietnamese ones.
_OWN_SHARE = {MONG: 0.7, DAO: 0.6, SAN_CHAY: 0.4, LO_LO: 0.6}


def _words(text: str) -> list[str]:
    """Split on spaces; a bar stands for the space inside a double middle name."""
    return [word.replace("|", " ") for word in text.split(" ")]


_SURNAME_LISTS = {group: _words(text) for group, text in _SURNAMES.items()}
_COMMON = tuple(_words(text) for text in (_MALE_MIDDLE, _MALE_GIVEN, _FEMALE_MIDDLE, _FEMALE_GIVEN))
_OWN_LISTS = {group: tuple(_words(text) for text in lists) for group, lists in _OWN.items()}


def full_name(rng: Random, ethnicity: str, sex: str) -> str:
    """Return an invented full name for `ethnicity` (a code; unknown ones are named as Kinh)."""
    surname = rng.choice(_SURNAME_LISTS.get(ethnicity, _SURNAME_LISTS[KINH]))
    own = ethnicity in _OWN_LISTS and rng.random() < _OWN_SHARE[ethnicity]
    lists = _OWN_LISTS[ethnicity] if own else _COMMON
    middles, givens = lists[2:] if sex == "female" else lists[:2]
    for _ in range(9):
        middle, given = rng.choice(middles), rng.choice(givens)
        if len({surname, given, *middle.split()}) == 2 + len(middle.split()):
            break
    return f"{surname} {middle} {given}"


def common_words(kind: int) -> list[str]:
    """Different common words: surnames (0), male (1) and female (2) given names."""
    lists = (_SURNAME_LISTS[KINH], _COMMON[1], _COMMON[3])
    return list(dict.fromkeys(lists[kind]))
