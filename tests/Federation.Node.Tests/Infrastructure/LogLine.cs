using Microsoft.Extensions.Logging;

namespace Federation.Node.Tests.Infrastructure;

/// <summary>One logged event.</summary>
internal sealed record LogLine(string Category, LogLevel Level, int EventId, string Text);
