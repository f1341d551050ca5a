namespace Federation.Cli;

/// <summary>For whom a command writes.</summary>
internal enum OutputFormat
{
    /// <summary>Tables and sentences, for people.</summary>
    Table,

    /// <summary>JSON, for programs; nothing else is then written to standard output.</summary>
    Json,
}
