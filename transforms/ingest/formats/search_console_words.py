"""How the interface of Search Console spells its columns, tables and settings, in six languages.

English, Dutch, French and Vietnamese as real exports have them; German and Spanish, and every spelling behind the first
of its language, as other readers of these exports know them. A language that is not here is read with a mapping file.
"""

from __future__ import annotations

CLICKS = ("Clicks", "Aantal klikken", "Klikken", "Klicks", "Clics", "Lượt nhấp")
IMPRESSIONS = ("Impressions", "Vertoningen", "Impressionen", "Impresiones", "Lượt hiển thị")
POSITION = (
    "Position",
    "Average position",
    "Positie",
    "Gemiddelde positie",
    "Durchschnittliche Position",
    "Position moyenne",
    "Posición",
    "Posición media",
    "Vị trí",
    "Vị trí trung bình",
)
CTR = ("CTR", "Klickrate", "Klickrate (CTR)", "Taux de clics", "Average CTR")
DIFFERENCE = ("Difference", "Verschil", "Differenz", "Différence", "Diferencia", "Chênh lệch")
"""What a comparison calls the column it works out itself."""

DATES = ("Date", "Datum", "Fecha", "Ngày")
DATE_RANGES = ("Date range", "Date Range", "Periode", "Zeitraum", "Plage de dates", "Intervalo de fechas")
QUERIES = (
    "Top queries",
    "Query",
    "Queries",
    "Meest uitgevoerde zoekopdrachten",
    "Populairste zoekopdrachten",
    "Zoekopdrachten",
    "Häufigste Suchanfragen",
    "Die häufigsten Suchanfragen",
    "Suchanfragen",
    "Suchanfrage",
    "Requêtes les plus fréquentes",
    "Requêtes",
    "Consultas principales",
    "Consulta",
    "Truy vấn phổ biến nhất",
)
PAGES = (
    "Top pages",
    "Page",
    "Pages",
    "Toppagina's",
    "Toppagina’s",
    "Pagina's",
    "Häufigste Seiten",
    "Die häufigsten Seiten",
    "Seiten",
    "Pages les plus populaires",
    "Páginas principales",
    "Trang hàng đầu",
)
COUNTRIES = ("Country", "Land", "Pays", "País", "Quốc gia")
DEVICE_NAMES = ("Device", "Apparaat", "Gerät", "Appareil", "Dispositivo", "Thiết bị")
APPEARANCES = (
    "Search Appearance",
    "Search appearance",
    "Zoekopmaak",
    "Darstellung in der Suche",
    "Apparence dans les résultats de recherche",
    "Aparición en búsquedas",
    "Aspecto en la búsqueda",
    "Hình thức xuất hiện trong kết quả tìm kiếm",
)
FILTERS = ("Filter", "Filtre", "Filtro", "Bộ lọc")
FILTER_VALUES = ("Value", "Waarde", "Wert", "Valeur", "Valor", "Giá trị")

DEVICES = (
    ("Mobile", "mobile"),
    ("Desktop", "desktop"),
    ("Tablet", "tablet"),
    ("MOBILE", "mobile"),
    ("DESKTOP", "desktop"),
    ("TABLET", "tablet"),
    ("mobile", "mobile"),
    ("desktop", "desktop"),
    ("tablet", "tablet"),
    ("Mobiel", "mobile"),
    ("Computer", "desktop"),
    ("Mobil", "mobile"),
    ("Mobilgerät", "mobile"),
    ("Mobilgeräte", "mobile"),
    ("Smartphone", "mobile"),
    ("Tablets", "tablet"),
    ("Mobiles", "mobile"),
    ("Ordinateur", "desktop"),
    ("Ordinateurs", "desktop"),
    ("Tablette", "tablet"),
    ("Tablettes", "tablet"),
    ("Móvil", "mobile"),
    ("Móviles", "mobile"),
    ("Ordenador", "desktop"),
    ("Ordenadores", "desktop"),
    ("Computadora", "desktop"),
    ("Computadoras", "desktop"),
    ("Escritorio", "desktop"),
    ("Tableta", "tablet"),
    ("Máy tính", "desktop"),
    ("Sơ đồ trang web dành cho điện thoại di động", "mobile"),
    ("Thiết bị di động", "mobile"),
    ("Điện thoại di động", "mobile"),
    ("Máy tính bảng", "tablet"),
)
"""Device names as the interface languages spell them (the long Vietnamese one is what real files hold)."""

DAY_TABLES = (
    "daily chart",
    "chart",
    "dates",
    "diagramm",
    "diagram",
    "datums",
    "graphique",
    "gráfico",
    "fechas",
    "sơ đồ",
    "ngày",
)
QUERY_TABLES = ("queries", "zoekopdrachten", "suchanfragen", "requêtes", "consultas", "cụm từ tìm kiếm")
PAGE_TABLES = ("pages", "paginas", "pagina's", "seiten", "páginas", "trang")
COUNTRY_TABLES = ("countries", "landen", "länder", "pays", "países", "quốc gia")
DEVICE_TABLES = ("devices", "apparaten", "geräte", "appareils", "dispositivos", "thiết bị")
APPEARANCE_TABLES = (
    "search appearance",
    "zoekopmaak",
    "darstellung in der suche",
    "apparence dans les résultats de recherche",
    "aparición en búsquedas",
    "hình thức xuất hiện trong kết quả tìm kiếm",
)
FILTER_TABLES = ("filters", "filter", "filtres", "filtros", "bộ lọc")
"""What file names of a set call each table, lower case."""

SEARCH_TYPE_LABELS = (
    "Search type",
    "Zoektype",
    "Suchtyp",
    "Art der Suche",
    "Type de recherche",
    "Tipo de búsqueda",
    "Loại tìm kiếm",
)
DATE_LABELS = DATES
WHOLE_SEARCH = ("web", "web search", "websuche", "recherche web", "búsqueda web", "tìm kiếm trên web")
"""Search type of an export that is not filtered, lower case."""
