namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>A connection as it stands in the form. Its address is entered, and never shown.</summary>
public sealed class ConnectionDraft
{
    public string Name { get; set; } = "";

    public string Kind { get; set; } = "sqlite";

    public string Address { get; set; } = "";

    public string System { get; set; } = "";
}
