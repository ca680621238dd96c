namespace Larkspur.Gateway.Console.Pages.Messages;

/// <summary>A message as it stands in the form.</summary>
public sealed class HandMessage
{
    /// <summary>The app that sends it.</summary>
    public string App { get; set; } = Larkspur.Gateway.Common.AppNames.Default;

    /// <summary>A mail address or an id of a person, or a group's <c>oc_…</c>.</summary>
    public string To { get; set; } = "";

    /// <summary>It is a card with a title and Markdown; else plain text.</summary>
    public bool IsCard { get; set; }

    public string Title { get; set; } = "";

    public string Text { get; set; } = "";
}
