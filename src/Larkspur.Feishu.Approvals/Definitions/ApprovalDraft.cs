using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Api;
using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>A definition to be made, or to replace one: words, form, steps, settings.</summary>
/// <remarks>
/// The platform wants keys for texts and the texts behind them in a list; both are made here from <see cref="ApprovalText"/>. What the API cannot make: branches,
/// formulas, the attendance groups. A definition made by API cannot be removed by API. Source: approval-v4/approval/create.
/// </remarks>
public sealed class ApprovalDraft
{
    private const int MostPeople = 200;

    private readonly ApprovalFormDraft _form = new();
    private readonly List<ApprovalStepDraft> _steps = [];

    /// <summary>A draft.</summary>
    /// <param name="name">What the definition is called.</param>
    public ApprovalDraft(ApprovalText name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    /// <summary>What it is called.</summary>
    public ApprovalText Name { get; }

    /// <summary>The definition that this one replaces, wholly; null: a new one.</summary>
    public string? ApprovalCode { get; init; }

    /// <summary>What it is for, or null.</summary>
    public ApprovalText? Description { get; init; }

    /// <summary>Its icon, 0 to 24.</summary>
    public int Icon { get; init; }

    /// <summary>People who may ask; when these and <see cref="ViewerDepartments"/> are empty, everybody in the company may, unless <see cref="HiddenFromAll"/>.</summary>
    public IReadOnlyList<ApprovalPerson> Viewers { get; init; } = [];

    /// <summary>Departments that may ask, <c>od-…</c>.</summary>
    public IReadOnlyList<string> ViewerDepartments { get; init; } = [];

    /// <summary>True: nobody may ask in the client; the API still may.</summary>
    public bool HiddenFromAll { get; init; }

    /// <summary>People who manage the process, at most 200.</summary>
    public IReadOnlyList<ApprovalPerson> Managers { get; init; } = [];

    /// <summary>How long an agreed one may be undone; zero: never; null: the platform's 31 days.</summary>
    public TimeSpan? UndoWithin { get; init; }

    /// <summary>May be taken back after the first step has agreed; null: the platform's yes.</summary>
    public bool? TakeBackAfterFirstStep { get; init; }

    /// <summary>A refused one goes back to who asked, to be changed, instead of ending; null: the platform's no.</summary>
    public bool? RefusedGoesBack { get; init; }

    /// <summary>Decide on the card in the chat; null: the platform's yes.</summary>
    public bool? DecideOnCard { get; init; }

    /// <summary>Administrators may change in the console: who may ask, the form, the process, taking back; null: none of it.</summary>
    public ApprovalConsoleRights? ConsoleRights { get; init; }

    /// <summary>The form.</summary>
    public ApprovalFormDraft Form => _form;

    /// <summary>Adds a step; the first one comes after the start.</summary>
    /// <param name="id">The step's id: letters and digits of your own, not START or END.</param>
    /// <param name="name">What people see.</param>
    /// <param name="type">How several decide.</param>
    /// <param name="approvers">Who decides.</param>
    public ApprovalStepDraft Step(string id, ApprovalText name, ApprovalStepType type, params IEnumerable<ApprovalDecider> approvers)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(approvers);
        if (id is "START" or "END") throw new ArgumentException($"{id} is made by itself.", nameof(id));
        ApprovalIds.Code(id, nameof(id));
        if (_steps.Any(s => s.Id == id)) throw new ArgumentException($"There are two steps with the id {id}.", nameof(id));
        var step = new ApprovalStepDraft(id, name, type, [.. approvers]);
        _steps.Add(step);
        return step;
    }

    /// <exception cref="ArgumentException">The platform would refuse it.</exception>
    internal V4.ApprovalCreateRequest ToRequest()
    {
        if (_steps.Count == 0) throw new ArgumentException("There are no steps: nobody would decide.", nameof(Step));
        if (Icon is < 0 or > 24) throw new ArgumentException($"The icon is {Icon}; there are 0 to 24.", nameof(Icon));
        if (Viewers.Count + ViewerDepartments.Count > MostPeople) throw new ArgumentException($"{Viewers.Count + ViewerDepartments.Count} may ask; the platform takes {MostPeople} entries.", nameof(Viewers));
        if (Managers.Count > MostPeople) throw new ArgumentException($"There are {Managers.Count} managers; the platform takes {MostPeople}.", nameof(Managers));
        if (UndoWithin < TimeSpan.Zero) throw new ArgumentException("The time to undo is negative.", nameof(UndoWithin));
        UserIdType kind = IdType();
        var texts = new ApprovalTexts();
        return new()
        {
            UserIdType = kind,
            DepartmentIdType = ViewerDepartments.Count > 0 ? DepartmentIdType.OpenDepartmentId : default(DepartmentIdType?),
            ApprovalName = texts.Key(Name, nameof(Name)),
            ApprovalCode = ApprovalCode is null ? null : ApprovalIds.Code(ApprovalCode, nameof(ApprovalCode)),
            Description = Description is null ? null : texts.Key(Description, nameof(Description)),
            Viewers = Seen(),
            Form = new() { FormContent = _form.Write(texts) },
            NodeList = [new() { Id = "START" }, .. _steps.Select(s => s.ToNode(texts, _form.Ids)), new() { Id = "END" }],
            Settings = UndoWithin is null && TakeBackAfterFirstStep is null && RefusedGoesBack is null && DecideOnCard is null ? null : new()
            {
                RevertInterval = (long?)UndoWithin?.TotalSeconds, RevertOption = Bit(TakeBackAfterFirstStep), RejectOption = Bit(RefusedGoesBack), QuickApprovalOption = Bit(DecideOnCard),
            },
            Config = ConsoleRights is not { } rights ? null : new()
            {
                CanUpdateViewer = rights.Viewers, CanUpdateForm = rights.Form, CanUpdateProcess = rights.Process, CanUpdateRevert = rights.TakingBack, HelpUrl = rights.HelpUrl?.AbsoluteUri,
            },
            Icon = Icon,
            I18nResources = texts.Resources()!,
            ProcessManagerIds = Managers.Count == 0 ? null : [.. Managers.Select(m => m.Id)],
        };
    }

    private static long? Bit(bool? value) => value is { } known ? known ? 1 : 0 : null;

    private List<V4.ApprovalCreateViewer> Seen()
    {
        List<V4.ApprovalCreateViewer> seen =
        [
            .. Viewers.Select(p => new V4.ApprovalCreateViewer { ViewerType = ViewerType.From("USER"), ViewerUserId = p.Id }),
            .. ViewerDepartments.Select(d => new V4.ApprovalCreateViewer { ViewerType = ViewerType.From("DEPARTMENT"), ViewerDepartmentId = d }),
        ];
        return seen.Count > 0 ? seen : [new() { ViewerType = ViewerType.From(HiddenFromAll ? "NONE" : "TENANT") }];
    }

    /// <summary>One call names one kind of id for all its people.</summary>
    private UserIdType IdType()
    {
        bool[] kinds = [.. Viewers.Concat(Managers).Concat(_steps.SelectMany(s => s.People)).Select(p => p.IsUserId).Distinct()];
        if (kinds.Length > 1) throw new ArgumentException("Some people are given by open_id and others by user_id: a definition takes one kind for all.", nameof(Viewers));
        return kinds.Length == 1 && kinds[0] ? UserIdType.UserId : UserIdType.OpenId;
    }
}

/// <summary>What administrators may change in the console.</summary>
/// <param name="Viewers">Who may ask.</param>
/// <param name="Form">The form.</param>
/// <param name="Process">The steps.</param>
/// <param name="TakingBack">The rules of taking back.</param>
/// <param name="HelpUrl">A page that explains the definition, or null.</param>
public sealed record ApprovalConsoleRights(bool Viewers = false, bool Form = false, bool Process = false, bool TakingBack = false, Uri? HelpUrl = null);

/// <summary>How several people decide at one step.</summary>
public enum ApprovalStepType
{
    /// <summary>All must agree.</summary>
    All,

    /// <summary>One is enough.</summary>
    Any,

    /// <summary>One after the other; only with <see cref="ApprovalDecider.ChosenBySubmitter"/>.</summary>
    OneByOne,
}

/// <summary>Somebody who decides, or gets a copy.</summary>
public sealed record ApprovalDecider
{
    private const int Highest = 20;

    private ApprovalDecider(string type) => Type = type;

    /// <summary>The platform's word for the kind.</summary>
    public string Type { get; }

    internal ApprovalPerson? Person { get; private init; }

    internal int? Level { get; private init; }

    /// <summary>Whom the submitter names when asking. Not for copies.</summary>
    public static ApprovalDecider ChosenBySubmitter { get; } = new("Free");

    /// <summary>This person.</summary>
    public static ApprovalDecider Named(ApprovalPerson person) => new("Personal") { Person = person };

    /// <summary>The submitter's superior so many levels up; 1: the direct one.</summary>
    public static ApprovalDecider Superior(int level = 1) => Levelled("Supervisor", level);

    /// <summary>The superior so many levels below the top.</summary>
    public static ApprovalDecider SuperiorFromTop(int level = 1) => Levelled("SupervisorTopDown", level);

    /// <summary>The head of the submitter's department so many levels up; 1: the own one.</summary>
    public static ApprovalDecider DepartmentHead(int level = 1) => Levelled("DepartmentManager", level);

    /// <summary>The head of the department so many levels below the top.</summary>
    public static ApprovalDecider DepartmentHeadFromTop(int level = 1) => Levelled("DepartmentManagerTopDown", level);

    internal V4.ApprovalApproverCcer ToWire() => new() { Type = V4.ApprovalType.From(Type), UserId = Person?.Id, Level = Level?.ToString(CultureInfo.InvariantCulture) };

    private static ApprovalDecider Levelled(string type, int level)
        => level is >= 1 and <= Highest ? new(type) { Level = level } : throw new ArgumentOutOfRangeException(nameof(level), level, $"There are levels 1 to {Highest}.");
}

/// <summary>A step of a draft.</summary>
public sealed class ApprovalStepDraft
{
    private readonly ApprovalText _name;
    private readonly ApprovalStepType _type;
    private readonly IReadOnlyList<ApprovalDecider> _deciders;

    internal ApprovalStepDraft(string id, ApprovalText name, ApprovalStepType type, IReadOnlyList<ApprovalDecider> deciders)
    {
        if (deciders.Count == 0) throw new ArgumentException($"Nobody decides at step {id}.", nameof(deciders));
        if (type == ApprovalStepType.OneByOne && deciders.Any(d => d != ApprovalDecider.ChosenBySubmitter))
            throw new ArgumentException($"At step {id} people decide one by one: the platform takes that only for people whom the submitter chooses.", nameof(deciders));
        (Id, _name, _type, _deciders) = (id, name, type, deciders);
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Who gets a copy.</summary>
    public IReadOnlyList<ApprovalDecider> Copies { get; set; } = [];

    /// <summary>Controls that may be changed at this step, by id.</summary>
    public IReadOnlyList<string> Writable { get; set; } = [];

    /// <summary>Controls that are shown at this step, by id; when this and <see cref="Writable"/> are empty, all are.</summary>
    public IReadOnlyList<string> Readable { get; set; } = [];

    /// <summary>The submitter may choose several people.</summary>
    public bool? ChooseSeveral { get; set; }

    /// <summary>Whom the submitter may choose among; empty: everybody.</summary>
    public IReadOnlyList<ApprovalPerson> ChooseAmong { get; set; } = [];

    /// <summary>What happens where the submitter would decide himself; null: he does.</summary>
    public ApprovalOwnRequest? OwnRequest { get; set; }

    internal IEnumerable<ApprovalPerson> People => _deciders.Concat(Copies).Select(d => d.Person).OfType<ApprovalPerson>().Concat(ChooseAmong);

    internal V4.ApprovalNode ToNode(ApprovalTexts texts, IReadOnlySet<string> controls)
    {
        if (Copies.Contains(ApprovalDecider.ChosenBySubmitter)) throw new ArgumentException($"Step {Id}: the submitter cannot choose who gets a copy.");
        if (Writable.Concat(Readable).FirstOrDefault(c => !controls.Contains(c)) is { } unknown) throw new ArgumentException($"Step {Id} names the control {unknown}, which the form does not have.");
        return new()
        {
            Id = Id,
            Name = texts.Key(_name, nameof(Id)),
            NodeType = V4.NodeType.From(_type switch { ApprovalStepType.All => "AND", ApprovalStepType.Any => "OR", _ => "SEQUENTIAL" }),
            Approver = [.. _deciders.Select(d => d.ToWire())],
            Ccer = Copies.Count == 0 ? null : [.. Copies.Select(c => c.ToWire())],
            PrivilegeField = Writable.Count + Readable.Count == 0 ? null : new() { Writable = Writable, Readable = Readable },
            ApproverChosenMulti = ChooseSeveral,
            ApproverChosenRange = ChooseAmong.Count == 0 ? null : [new() { Type = V4.ApprovalApprovalType.Personal, IdList = [.. ChooseAmong.Select(p => p.Id)] }],
            StarterAssignee = OwnRequest is not { } own ? default(V4.StarterAssignee?) : own switch
            {
                ApprovalOwnRequest.Passes => V4.StarterAssignee.AutoPass,
                ApprovalOwnRequest.ToSuperior => V4.StarterAssignee.Supervisor,
                ApprovalOwnRequest.ToDepartmentHead => V4.StarterAssignee.DepartmentManager,
                _ => V4.StarterAssignee.Starter,
            },
        };
    }
}

/// <summary>What happens where the submitter would have to decide his own request.</summary>
public enum ApprovalOwnRequest
{
    /// <summary>He decides.</summary>
    Decides,

    /// <summary>The step passes.</summary>
    Passes,

    /// <summary>His superior decides.</summary>
    ToSuperior,

    /// <summary>The head of his department decides.</summary>
    ToDepartmentHead,
}
