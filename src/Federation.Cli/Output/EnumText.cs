using System.Reflection;
using System.Text;
using Google.Protobuf.Reflection;

namespace Federation.Cli.Output;

/// <summary>Short names of a generated enum's values: <c>RECORD_KIND_JOINT_EXERCISE</c> is <c>joint_exercise</c>.</summary>
/// <typeparam name="T">The enum.</typeparam>
internal static class EnumText<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Names = ReadNames();

    /// <summary>The names of all values but the unspecified one.</summary>
    public static string[] All { get; } = [.. Names.Where(pair => Convert.ToInt32(pair.Key, null) != 0).Select(pair => pair.Value)];

    /// <summary>The short name; of the unspecified value nothing, of an unknown one its number.</summary>
    public static string Of(T value)
    {
        if (Convert.ToInt32(value, null) == 0)
            return "";
        return Names.TryGetValue(value, out var name) ? name : value.ToString("D");
    }

    /// <summary>Reads a short name in any case, with <c>-</c>, <c>+</c> or <c>_</c> between its words.</summary>
    public static bool TryParse(string text, out T value)
    {
        var wanted = text.Replace('-', '_').Replace('+', '_').ToLowerInvariant();
        foreach (var (known, name) in Names)
        {
            if (name == wanted && Convert.ToInt32(known, null) != 0)
            {
                value = known;
                return true;
            }
        }
        value = default;
        return false;
    }

    private static Dictionary<T, string> ReadNames()
    {
        var prefix = UpperSnake(typeof(T).Name) + "_";
        var names = new Dictionary<T, string>();
        foreach (var field in typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var name = field.GetCustomAttribute<OriginalNameAttribute>()?.Name ?? field.Name;
            var shortName = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
            names[(T)field.GetValue(null)!] = shortName.ToLowerInvariant();
        }
        return names;
    }

    private static string UpperSnake(string pascal)
    {
        var snake = new StringBuilder();
        foreach (var character in pascal)
        {
            if (char.IsUpper(character) && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToUpperInvariant(character));
        }
        return snake.ToString();
    }
}
