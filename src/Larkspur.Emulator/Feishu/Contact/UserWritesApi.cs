using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>Creates people, changes them, lets them go and brings them back.</summary>
internal sealed partial class UserWritesApi(EmulatorState state, CompanyDirectory directory) : IApiArea
{
    private static readonly TimeSpan Recoverable = TimeSpan.FromDays(30);
    private readonly ContactView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("contact.v3.user.create", Create);
        on.Add("contact.v3.user.patch", Patch);
        on.Add("contact.v3.user.delete", Delete);
        on.Add("contact.v3.user.resurrect", Resurrect);
        on.Add("contact.v3.user.update_user_id", Rename);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        var userId = request.Text("user_id") is { Length: > 0 } asked ? asked : state.Ids.Next("")[..8];
        if (!Word().IsMatch(userId)) throw request.Refuse(41012);
        if (state.Member(userId, anyCase: true) is { IsResigned: false }) throw request.Refuse(41011);
        var key = state.NewKey(userId);
        var fresh = new Person
        {
            UserId = key, IdInTenant = key == userId ? null : userId, Name = "", EnName = "", Email = "", Mobile = "", EmployeeNo = "",
            JobTitle = "", JoinTime = state.Clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        return Answer(request, directory.Put(Read(request, fresh)));
    }

    private ApiAnswer Patch(ApiRequest request) => Answer(request, directory.Put(Read(request, Working(request))));

    private ApiAnswer Delete(ApiRequest request)
    {
        var person = Working(request);
        if (person.IsTenantManager) throw request.Refuse(44037);
        directory.Put(person with { Status = PersonStatus.Resigned });
        return FeishuAnswer.Data([]);
    }

    /// <summary>Within 30 days; into no department, unless the call names some.</summary>
    private ApiAnswer Resurrect(ApiRequest request)
    {
        var person = _view.FindUser(request, request.Path["user_id"]) ?? throw request.Refuse(44029);
        if (!person.IsResigned) throw request.Refuse(44033);
        if (state.Clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(person.LeaveTime) > Recoverable) throw request.Refuse(44028);
        if (state.Member(person.PresentUserId) is { IsResigned: false }) throw request.Refuse(44032);
        if (Other(person, p => p.Mobile.Length > 0 && p.Mobile == person.Mobile)) throw request.Refuse(44030);
        var places = (request.Body["departments"] as JsonArray ?? []).OfType<JsonObject>().Select(d => d.TextOf("department_id"));
        directory.Put(person with { Status = PersonStatus.Active, LeaveTime = 0, DepartmentIds = Departments(request, places) });
        return FeishuAnswer.Data([]);
    }

    private ApiAnswer Rename(ApiRequest request)
    {
        var person = Working(request);
        var wanted = request.Text("new_user_id")!;
        if (!Word().IsMatch(wanted)) throw request.Refuse(40001);
        if (state.Member(wanted, anyCase: true) is { IsResigned: false } other && other.UserId != person.UserId)
            throw request.Refuse(41011);
        directory.Put(person with { IdInTenant = wanted == person.UserId ? null : wanted });
        return FeishuAnswer.Data([]);
    }

    /// <summary>What the call names, over what was there.</summary>
    private Person Read(ApiRequest request, Person person)
    {
        var (mobile, email) = (request.Text("mobile") ?? person.Mobile, request.Text("email") ?? person.Email);
        if (mobile.Length > 0 && Other(person, p => p.Mobile == mobile || p.Mobile == "+86" + mobile)) throw request.Refuse(41001);
        if (email.Length > 0 && Other(person, p => p.Email.Equals(email, StringComparison.OrdinalIgnoreCase))) throw request.Refuse(41002);
        person = person with
        {
            Name = request.Text("name") ?? person.Name, EnName = request.Text("en_name") ?? person.EnName, Mobile = mobile, Email = email,
            EmployeeNo = request.Text("employee_no") ?? person.EmployeeNo, JobTitle = request.Text("job_title") ?? person.JobTitle,
            City = request.Text("city") ?? person.City, Gender = Number(request, "gender") ?? person.Gender,
            JoinTime = Number(request, "join_time") ?? person.JoinTime,
        };
        if (request.Body["is_frozen"] is not null)
            person = person with { Status = request.Flag("is_frozen") ? PersonStatus.Frozen : PersonStatus.Active };
        if (request.Text("leader_user_id") is { } leader)
        {
            var found = leader.Length == 0 ? null : _view.FindUser(request, leader) is { IsResigned: false } one ? one
                : throw request.Refuse(44022);
            if (found?.UserId == person.UserId) throw request.Refuse(41030);
            person = person with { LeaderUserId = found?.UserId };
        }

        return request.Body["department_ids"] is null ? person
            : person with { DepartmentIds = Departments(request, request.Texts("department_ids")) };
    }

    private ImmutableArray<string> Departments(ApiRequest request, IEnumerable<string> ids) =>
    [
        .. ids.Where(id => id != Department.Root)
            .Select(id => _view.FindDepartment(request, id) is { } found && state.InRange(request.App, found)
            ? found.OpenDepartmentId : throw request.Refuse(40004)).Distinct(),
    ];

    private Person Working(ApiRequest request) =>
        _view.FindUser(request, request.Path["user_id"]) is { IsResigned: false } person && state.InRange(request.App, person) ? person
        : throw request.Refuse(41050);

    private bool Other(Person own, Func<Person, bool> has) =>
        state.People.Any(p => p.UserId != own.UserId && !p.IsResigned && !p.IsGuest && has(p));

    private ApiAnswer Answer(ApiRequest request, Person person) =>
        FeishuAnswer.Data(new JsonObject { ["user"] = _view.User(request, person) });

    private static int? Number(ApiRequest request, string name) =>
        request.Body[name] is JsonValue v && v.TryGetValue<int>(out var number) ? number : null;

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}$")]
    private static partial Regex Word();
}
