using System.ComponentModel.DataAnnotations;

namespace Federation.Node;

/// <summary>Where a listener is bound.</summary>
internal sealed class ListenerOptions
{
    /// <summary>The IP address.</summary>
    /// <value>The default is 127.0.0.1; 0.0.0.0 or :: means every interface.</value>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The TCP port.</summary>
    /// <value>0 to 65,535; 0 means a free one, which is written to `listening.json` in the data directory.</value>
    [Range(0, 65_535)]
    public int Port { get; set; }
}
