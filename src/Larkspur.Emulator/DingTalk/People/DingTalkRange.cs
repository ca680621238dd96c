using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>What of the organisation the application may read: departments with all below them, single people, and which fields.</summary>
internal sealed class DingTalkRange(EmulatorState state, DingTalkDirectory directory) : IContactRange, IDingTalkArea, IResettableState
{
    private const string Fields = "fields";
    private const long OutOfRange = 50004;
    /// <summary>Fields that the administrator can withhold.</summary>
    private static readonly ImmutableArray<string> AllFields = ["name", "avatar", "mobile", "email", "title", "job_number", "hired_date"];

    private volatile DirectoryRange? _range;
    private volatile ImmutableHashSet<string>? _fields;

    public string Platform => DingTalkPlatform.PlatformName;

    public IReadOnlyList<string> Members => [Fields];

    public IEnumerable<DingTalkRoute> Routes => [DingTalkRoute.Get("/auth/scopes", _ => new DingTalkAnswer(Show())) with { Free = true }];

    public void Use(DirectoryRange? range, bool silent, ControlInput input)
    {
        if (input.Texts(Fields) is { } fields && fields.FirstOrDefault(f => !AllFields.Contains(f)) is { } unknown)
            throw new ControlRefusal($"\"{unknown}\" is no field. Fields: {string.Join(", ", AllFields)}.");
        // null gives all fields again; a call about fields alone leaves the range as it is.
        if (input.Body.ContainsKey(Fields)) _fields = input.Texts(Fields)?.ToImmutableHashSet();
        if (input.Body.ContainsKey("departments") || input.Body.ContainsKey("people") || !input.Body.ContainsKey(Fields)) _range = range;
    }

    public bool Sees(Person person) => _range is not { } range || range.Has(state, person);

    /// <param name="place">Of a department; <c>0</c> is the organisation itself.</param>
    public bool SeesPlace(string place) =>
        _range is not { } range || (state.FindDepartment(place) is { } department && range.Has(state, department));

    /// <exception cref="DingTalkRefusal">50004, or what was planned for it.</exception>
    public void Need(string place, DirectoryFaults faults)
    {
        var code = SeesPlace(place) ? faults.Forbids(DingTalkPlatform.PlatformName, place, OutOfRange) : OutOfRange;
        if (code is { } refused) throw DingTalkRefusal.Old(refused, refused == OutOfRange ? "请求的部门id不在授权范围内" : "从部门查询人员失败");
    }

    /// <summary>Takes the fields out that are withheld.</summary>
    public JsonObject Cut(JsonObject user)
    {
        if (_fields is not { } granted) return user;
        foreach (var field in AllFields.Except(granted)) user.Remove(field);
        if (!granted.Contains("email")) user.Remove("org_email");
        if (!granted.Contains("mobile")) user.Remove("state_code");
        return user;
    }

    public void Reset() => (_range, _fields) = (null, null);

    private JsonObject Show() => new()
    {
        ["auth_user_field"] = AllFields.Where(f => _fields is null || _fields.Contains(f)).ToJson(), ["condition_field"] = new JsonArray(),
        ["auth_org_scopes"] = new JsonObject
        {
            ["authed_user"] = (_range?.People ?? new HashSet<string>()).Select(state.Person).OfType<Person>().Where(p => !p.IsResigned)
                .ToJson(p => p.PresentUserId),
            ["authed_dept"] = _range is null ? new JsonArray(DingTalkDirectory.Root)
                : _range.Departments.Where(d => state.FindDepartment(d) is not null).ToJson(d => directory.Number(d)),
        },
    };
}
