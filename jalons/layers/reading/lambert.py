"""Lambert 93 (EPSG:2154), in which most French files are: from metres to degrees. Exact to the millimetre."""

import math

# The ellipsoid GRS80, then what defines the projection: its origin and its two parallels.
AXIS, FLATTENING = 6_378_137.0, 1 / 298.257222101
ECCENTRICITY = math.sqrt(2 * FLATTENING - FLATTENING**2)
ORIGIN_LONGITUDE, ORIGIN_LATITUDE = math.radians(3), math.radians(46.5)
PARALLELS = (math.radians(44), math.radians(49))
ORIGIN_X, ORIGIN_Y = 700_000.0, 6_600_000.0
STEPS = 12  # each brings the latitude a hundred times nearer


def scaled(latitude: float) -> float:
    """Radius of a parallel, for a unit axis."""
    return math.cos(latitude) / math.sqrt(1 - (ECCENTRICITY * math.sin(latitude)) ** 2)


def isometric(latitude: float) -> float:
    sine = ECCENTRICITY * math.sin(latitude)
    return math.tan(math.pi / 4 - latitude / 2) / ((1 - sine) / (1 + sine)) ** (ECCENTRICITY / 2)


EXPONENT = math.log(scaled(PARALLELS[0]) / scaled(PARALLELS[1])) / math.log(
    isometric(PARALLELS[0]) / isometric(PARALLELS[1])
)
CONE = AXIS * scaled(PARALLELS[0]) / (EXPONENT * isometric(PARALLELS[0]) ** EXPONENT)
TOP = CONE * isometric(ORIGIN_LATITUDE) ** EXPONENT


def degrees(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude."""
    east, south = x - ORIGIN_X, TOP - (y - ORIGIN_Y)
    angle = math.atan2(east, south)
    target = (math.hypot(east, south) / CONE) ** (1 / EXPONENT)
    latitude = math.pi / 2 - 2 * math.atan(target)
    for _ in range(STEPS):
        sine = ECCENTRICITY * math.sin(latitude)
        latitude = math.pi / 2 - 2 * math.atan(target * ((1 - sine) / (1 + sine)) ** (ECCENTRICITY / 2))
    return math.degrees(angle / EXPONENT + ORIGIN_LONGITUDE), math.degrees(latitude)
