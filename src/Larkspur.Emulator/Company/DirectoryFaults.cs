using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Company;

internal enum DirectoryFaultKind
{
    /// <summary>One department is refused as if the app had no right to it.</summary>
    Forbidden,
    /// <summary>Lists of people or departments are empty, without an error.</summary>
    Empty,
    /// <summary>Somebody leaves unheard once the first page of a list was answered, so that everybody behind them moves up.</summary>
    LeaveAfterPage,
    /// <summary>DingTalk also lists a school with departments of negative number, and a pupil.</summary>
    School,
}

/// <param name="Target">Of <see cref="DirectoryFaultKind.Forbidden"/> the department, of <see cref="DirectoryFaultKind.LeaveAfterPage"/>
/// the person, of <see cref="DirectoryFaultKind.Empty"/> <c>people</c>, <c>departments</c> or nothing for both.</param>
/// <param name="Code">Instead of the platform's own for a department outside of the range.</param>
internal sealed record DirectoryFault(DirectoryFaultKind Kind, string? Target, string? Platform, int? Remaining, long? Code);

/// <summary>What goes wrong on purpose when a directory is read.</summary>
internal sealed class DirectoryFaults(EmulatorState state) : IResettableState
{
    public const string People = "people";
    public const string Departments = "departments";
    private const int Most = 100;

    private readonly Lock _gate = new();
    private readonly List<DirectoryFault> _faults = [];

    public JsonObject List()
    {
        lock (_gate) return new JsonObject { ["faults"] = _faults.ToJson(Show) };
    }

    public JsonObject Add(ControlInput input)
    {
        input.Only("kind", "department", "person", "of", "platform", "count", "code");
        if (input.Text("platform") is { } named && named is not ("feishu" or "wecom" or "dingtalk"))
            throw new ControlRefusal("\"platform\" must be feishu, wecom or dingtalk.");
        var (kind, target) = input.Need("kind") switch
        {
            "forbidden" => (DirectoryFaultKind.Forbidden, state.NeedDepartment(input.Need("department")).OpenDepartmentId),
            "leave_after_page" => (DirectoryFaultKind.LeaveAfterPage, state.NeedMember(input.Need("person")).UserId),
            "empty" => (DirectoryFaultKind.Empty, Of(input)),
            "school" => (DirectoryFaultKind.School, (string?)null),
            _ => throw new ControlRefusal("\"kind\" must be forbidden, empty, leave_after_page or school."),
        };
        var fault = new DirectoryFault(kind, target, input.Text("platform"), input.Int("count", 1, int.MaxValue),
            input.Int("code", 1, int.MaxValue));
        lock (_gate)
        {
            if (_faults.Count >= Most) throw new ControlRefusal($"There are {Most} faults already.");
            _faults.Add(fault);
        }

        var answer = Show(fault);
        answer["ok"] = true;
        return answer;
    }

    public JsonObject Clear()
    {
        Reset();
        return ControlEndpoints.Done();
    }

    public void Reset()
    {
        lock (_gate) _faults.Clear();
    }

    /// <returns>With which code the department is refused; <see langword="null"/>: it is not.</returns>
    public long? Forbids(string platform, string openDepartmentId, long usual) =>
        Take(platform, DirectoryFaultKind.Forbidden, t => t == openDepartmentId) is { } fault ? fault.Code ?? usual : null;

    /// <param name="of"><see cref="People"/> or <see cref="Departments"/>.</param>
    public bool Empties(string platform, string of) => Take(platform, DirectoryFaultKind.Empty, t => t is null || t == of) is not null;

    public bool HasSchool(string platform) => Take(platform, DirectoryFaultKind.School, _ => true) is not null;

    /// <summary>A list's page was answered, and there are more: whoever was to leave does.</summary>
    public void PageAnswered(string platform)
    {
        while (Take(platform, DirectoryFaultKind.LeaveAfterPage, _ => true, once: true) is { } fault)
        {
            if (state.Person(fault.Target!) is { } person)
                state.Put(person with { Status = PersonStatus.Resigned, DepartmentIds = [],
                    LeaveTime = state.Clock.GetUtcNow().ToUnixTimeMilliseconds() });
        }
    }

    private static string? Of(ControlInput input) =>
        input.Text("of") is null or People or Departments ? input.Text("of")
            : throw new ControlRefusal("\"of\" must be people or departments.");

    private DirectoryFault? Take(string platform, DirectoryFaultKind kind, Func<string?, bool> fits, bool once = false)
    {
        lock (_gate)
        {
            var at = _faults.FindIndex(f => f.Kind == kind && (f.Platform is null || f.Platform == platform) && fits(f.Target));
            if (at < 0) return null;
            var fault = _faults[at];
            if (once || fault.Remaining == 1) _faults.RemoveAt(at);
            else if (fault.Remaining is { } left) _faults[at] = fault with { Remaining = left - 1 };
            return fault;
        }
    }

    private static JsonObject Show(DirectoryFault fault) => new()
    {
        ["kind"] = fault.Kind == DirectoryFaultKind.LeaveAfterPage ? "leave_after_page" : fault.Kind.ToString().ToLowerInvariant(),
        ["target"] = fault.Target, ["platform"] = fault.Platform, ["remaining"] = fault.Remaining, ["code"] = fault.Code,
    };
}
