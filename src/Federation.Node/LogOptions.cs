using System.ComponentModel.DataAnnotations;

namespace Federation.Node;

/// <summary>What is logged, and how.</summary>
internal sealed class LogOptions
{
    /// <summary>The least level that is logged.</summary>
    /// <value>The default is Information.</value>
    [EnumDataType(typeof(LogLevel))]
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>One line of text, or one JSON object, an event.</summary>
    /// <value>"text" or "json"; the default is "text".</value>
    [RegularExpression("^(text|json)$")]
    public string Format { get; set; } = "text";
}
