namespace Federation.Node;
internal sealed class NodeOptions { public string KeysDirectory {get;set;}=""; public string Institute {get;set;}=""; public string DisplayName {get;set;}=""; public List<string> Advertise {get;}=[]; }
