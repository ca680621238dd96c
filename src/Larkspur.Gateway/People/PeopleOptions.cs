using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.People;

/// <summary>How people are joined, and what they may do without a rule. Section <c>Larkspur:People</c>.</summary>
public sealed class PeopleOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:People";

    /// <summary>A new account goes to the one person who has its mail address in another platform's directory. Default false: it takes trust in how all the directories are kept.</summary>
    public bool LinkByVerifiedEmail { get; set; }

    /// <summary>What counts for features that no rule speaks of. Default <see cref="DefaultPermission.Allow"/>.</summary>
    public DefaultPermission DefaultPermission { get; set; }
}

/// <summary>What counts without a rule.</summary>
public enum DefaultPermission
{
    /// <summary>Everybody may.</summary>
    Allow,

    /// <summary>Nobody may.</summary>
    Deny,
}
