namespace Larkspur.Gateway.Console.Pages.Webhooks;

/// <summary>A webhook as it stands in the form.</summary>
public sealed class WebhookDraft
{
    public string Name { get; set; } = "";

    /// <summary>Empty: as it was; a new one needs it.</summary>
    public string Address { get; set; } = "";

    /// <summary>Types of events that are ticked.</summary>
    public HashSet<string> Chosen { get; } = new(StringComparer.Ordinal);

    /// <summary>Other types of events, between blanks, commas or lines.</summary>
    public string Events { get; set; } = "";

    public int TimeoutSeconds { get; set; } = 15;
}
