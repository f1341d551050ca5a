using System.Globalization;
using System.Numerics;

namespace Federation.Formats.Reading;

/// <summary>Tells whether a double stands for the number that a file has.</summary>
internal static class ExactNumber
{
    private const int MaxDigits = 17;
    private const int MaxChars = 400;

    /// <summary>
    /// Integers have to be equal. Decimal fractions are seldom equal to a double; they count as kept while a double has as many digits.
    /// </summary>
    internal static bool IsExact(string text, double number)
    {
        if (text.Length > MaxChars)
            return false;
        if (BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return new BigInteger(number) == integer;
        var mantissa = text.Split('e', 'E')[0].TrimStart('-').Replace(".", "", StringComparison.Ordinal);
        return mantissa.Trim('0').Length <= MaxDigits && (number != 0 || mantissa.All(digit => digit == '0'));
    }
}
