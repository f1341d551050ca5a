namespace Federation.Node.Exchange;

/// <summary>A connection broke after it had brought something: the next attempt need not wait long.</summary>
internal sealed class PartnerLostException(Exception cause) : Exception(cause.Message, cause);
