using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Approvals;

public enum DefinitionStatus { Active, Inactive, Deleted }

/// <summary>How the approvers of a node decide: everybody, anybody, or one after the other.</summary>
public enum NodeKind { And, Or, Sequential }

/// <summary>Who approves at a node. <see cref="Free"/> is whom the submitter chooses.</summary>
public enum ApproverKind { Personal, Supervisor, SupervisorTopDown, DepartmentManager, DepartmentManagerTopDown, Free }

/// <summary>What happens where the submitter would have to approve their own request.</summary>
public enum OwnRequest { Starter, AutoPass, Supervisor, DepartmentManager }

/// <summary>A kind of request of the company: its form and the people it passes. It changes only as a whole (a new <see cref="Version"/>).</summary>
public sealed record ApprovalDefinition
{
    /// <summary>The <c>approval_code</c>: a UUID in capitals.</summary>
    public required string Code { get; init; }
    public required string ApprovalId { get; init; }
    public int Version { get; init; } = 1;
    /// <summary>A name, or the key of one in <see cref="Texts"/>.</summary>
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public DefinitionStatus Status { get; init; }
    /// <summary>The list of controls as JSON; names and option texts may be keys of <see cref="Texts"/>.</summary>
    public required string FormJson { get; init; }
    public required ImmutableArray<ApprovalNode> Nodes { get; init; }
    /// <summary>Texts by locale (<c>zh-CN</c>) and key.</summary>
    public LocalTexts Texts { get; init; } = LocalTexts.None;
    /// <summary>Who may see it, as the API shows it; <c>[]</c> for nobody.</summary>
    public string ViewersJson { get; init; } = """[{"type":"TENANT"}]""";
    public ImmutableArray<string> Managers { get; init; } = [];
    /// <summary>A refused request goes back to its submitter instead of ending.</summary>
    public bool RejectReturns { get; init; }
    /// <summary>How long an approved request can be taken back; zero for never.</summary>
    public TimeSpan RevertWithin { get; init; } = TimeSpan.FromDays(31);
    /// <summary>Who approved once is not asked again (a setting of the console).</summary>
    public bool SkipsRepeated { get; init; }

    public string Say(string locale) => Texts.Say(Name, locale);
}

/// <summary>One stop of a request's way. Start and end are no stops.</summary>
public sealed record ApprovalNode
{
    /// <summary>Hex, made by the platform.</summary>
    public required string NodeId { get; init; }
    /// <summary>What the maker of the definition calls it; may be empty.</summary>
    public string CustomId { get; init; } = "";
    public required string Name { get; init; }
    public NodeKind Kind { get; init; }
    public ImmutableArray<Approver> Approvers { get; init; } = [];
    public ImmutableArray<Approver> CopiedTo { get; init; } = [];
    public bool ChosenMulti { get; init; }
    /// <summary><c>user_id</c>s that the submitter may choose from; empty for the whole company.</summary>
    public ImmutableArray<string> ChosenFrom { get; init; } = [];
    public OwnRequest OwnRequest { get; init; }

    public bool NeedsChoice => Approvers.Any(a => a.Kind == ApproverKind.Free);
}

/// <param name="UserId">For <see cref="ApproverKind.Personal"/>.</param>
/// <param name="Level">For supervisors and managers: 1 is the nearest (top down: the highest).</param>
public sealed record Approver(ApproverKind Kind, string? UserId = null, int Level = 1);

/// <summary>Texts in several languages by key. Keys begin with <c>@i18n@</c>; anything else says itself.</summary>
public sealed record LocalTexts(string DefaultLocale, ImmutableDictionary<string, ImmutableDictionary<string, string>> ByLocale)
{
    public const string KeyMark = "@i18n@";
    public static readonly LocalTexts None = new("zh-CN", ImmutableDictionary<string, ImmutableDictionary<string, string>>.Empty);

    /// <summary>In the language, else in the default one, else the key itself.</summary>
    public string Say(string text, string locale) =>
        !text.StartsWith(KeyMark, StringComparison.Ordinal) ? text
        : Find(text, locale) ?? Find(text, DefaultLocale) ?? text;

    private string? Find(string key, string locale) => ByLocale.GetValueOrDefault(locale)?.GetValueOrDefault(key);
}
