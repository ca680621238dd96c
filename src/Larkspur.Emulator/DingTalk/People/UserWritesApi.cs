using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Company;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>Creates, changes and deletes members.</summary>
internal sealed partial class UserWritesApi(EmulatorState state, CompanyDirectory company, DingTalkDirectory directory) : IDingTalkArea
{
    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post("/topapi/v2/user/create", Create) with { Free = true },
        DingTalkRoute.Post("/topapi/v2/user/update", Update) with { Free = true },
        DingTalkRoute.Post("/topapi/v2/user/delete", Delete) with { Free = true },
    ];

    private DingTalkAnswer Create(DingTalkCall call)
    {
        var userId = call.Text("userid") ?? state.Ids.Next("")[..16];
        if (!Word().IsMatch(userId))
            throw DingTalkRefusal.Parameter("userid", "is 1 to 64 letters, digits, dots, dashes, underscores and @");
        if (state.Member(userId, anyCase: true) is { IsResigned: false }) throw DingTalkRefusal.Old(60102, "UserID在公司中已存在");
        var (name, _, _) = (call.Need("name"), call.Need("mobile"), call.Need("dept_id_list"));
        var key = state.NewKey(userId);
        var fresh = new Person
        {
            UserId = key, IdInTenant = key == userId ? null : userId, Name = name, EnName = name, Email = "", Mobile = "", EmployeeNo = "",
            JobTitle = "", JoinTime = state.Clock.GetUtcNow().ToUnixTimeSeconds(),
        };
        var person = company.Put(Read(call, fresh));
        return new DingTalkAnswer(new JsonObject
        {
            ["result"] = new JsonObject { ["userid"] = person.PresentUserId, ["unionId"] = DingTalkIds.UnionId(person.UserId) },
        });
    }

    private DingTalkAnswer Update(DingTalkCall call)
    {
        company.Put(Read(call, Known(call)));
        return new DingTalkAnswer([]);
    }

    private DingTalkAnswer Delete(DingTalkCall call)
    {
        company.Put(Known(call) with { Status = PersonStatus.Resigned, LeaveReason = "oapi" });
        return new DingTalkAnswer([]);
    }

    /// <summary>What the call names, over what was there.</summary>
    private Person Read(DingTalkCall call, Person person)
    {
        var mobile = call.Text("mobile");
        if (mobile is not null
            && state.People.Any(p => p.UserId != person.UserId && !p.IsResigned && UserView.Bare(p.Mobile) == UserView.Bare(mobile)))
            throw DingTalkRefusal.Old(60104, "手机号码在公司中已存在");
        person = person with
        {
            Name = call.Text("name") ?? person.Name, Mobile = mobile ?? person.Mobile, Email = call.Text("email") ?? person.Email,
            EmployeeNo = call.Text("job_number") ?? person.EmployeeNo, JobTitle = call.Text("title") ?? person.JobTitle,
            City = call.Text("work_place") ?? person.City, JoinTime = call.Number("hired_date") / 1000 ?? person.JoinTime,
        };
        if (call.Text("manager_userid") is { } manager)
            person = person with { LeaderUserId = (state.Member(manager) ?? throw DingTalkRefusal.Old(60121, "找不到该用户")).UserId };
        return call.Text("dept_id_list") is { } list ? person with { DepartmentIds = Departments(list) } : person;
    }

    private ImmutableArray<string> Departments(string list) =>
    [
        .. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(d => directory.Place(long.TryParse(d, out var number) ? number
                : throw DingTalkRefusal.Parameter("dept_id_list", "is no list of numbers")))
            .Where(d => d != Department.Root).Distinct(),
    ];

    private Person Known(DingTalkCall call) =>
        state.Member(call.Need("userid")) is { IsResigned: false } person ? person : throw DingTalkRefusal.Old(60121, "找不到该用户");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}$")]
    private static partial Regex Word();
}
