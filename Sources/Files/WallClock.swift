internal import Glibc

/// The wall clock as text for people and for records; never for measuring durations.
public enum WallClock {
    /// The present time in RFC 3339, UTC, with milliseconds: `2026-11-24T10:55:11.042Z`.
    public static func now() -> String {
        let milliseconds = Int(unixMilliseconds())
        return rfc3339(seconds: milliseconds / 1000, milliseconds: milliseconds % 1000)
    }

    /// The present time as milliseconds since 1970 UTC.
    public static func unixMilliseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }

    /// A time given as seconds since 1970 UTC (not negative), in the same form.
    public static func rfc3339(seconds: Int, milliseconds: Int) -> String {
        let (year, month, day) = civilDate(daysSince1970: seconds / 86_400)
        let second = seconds % 86_400
        let date = [padded(year, 4), padded(month, 2), padded(day, 2)].joined(separator: "-")
        let time = [padded(second / 3600, 2), padded(second / 60 % 60, 2), padded(second % 60, 2)]
        return date + "T" + time.joined(separator: ":") + "." + padded(milliseconds, 3) + "Z"
    }

    /// The Gregorian date of a day. Years are counted from March, so that the leap day is the last of its year and
    /// the lengths of the months before it follow one linear rule (153 days every five months).
    private static func civilDate(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let days = daysSince1970 + 719_468  // since 0000-03-01
        let (era, dayOfEra) = days.quotientAndRemainder(dividingBy: 146_097)  // 400 years
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
