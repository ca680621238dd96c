namespace Larkspur.Gateway.Console.Pages.ScimTargets;

/// <summary>A SCIM target as it stands in the form. Its token is entered, and never shown.</summary>
public sealed class TargetDraft
{
    public string Name { get; set; } = "";

    public string Url { get; set; } = "";

    /// <summary>Empty: as it was; a new one, and another address, need it.</summary>
    public string Token { get; set; } = "";

    /// <summary>The field that is the userName; <see cref="OwnField"/>: one of the company's own.</summary>
    public string UserName { get; set; } = "email";

    /// <summary>The company's own field, behind <c>custom.</c>.</summary>
    public string Custom { get; set; } = "";

    public string Groups { get; set; } = "none";

    /// <summary>Stands in the list for the company's own fields.</summary>
    public const string OwnField = "custom.";
}
