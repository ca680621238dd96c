using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Contact;

internal sealed class UsersApi(EmulatorState state) : IApiArea
{
    private const int MostIds = 50;
    private readonly ContactView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("contact.v3.user.get", Get);
        on.Add("contact.v3.user.batch", Batch);
        on.Add("contact.v3.user.find_by_department", FindByDepartment);
        on.Add("contact.v3.user.batch_get_id", BatchGetId);
        on.Add("contact.v3.scope.list", Scope);
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var person = _view.FindUser(request, request.Path["user_id"]) ?? throw Unknown(request, request.Path["user_id"]);
        if (!request.App.IsAvailableTo(person.UserId)) throw request.Refuse(41050);
        return FeishuAnswer.Data(new JsonObject { ["user"] = _view.User(request, person) });
    }

    /// <summary>At most 50 ids; those outside the app's range are left out.</summary>
    private ApiAnswer Batch(ApiRequest request)
    {
        if (request.Query["user_ids"].Count > MostIds) throw request.Refuse(40001);
        var found = request.Query["user_ids"].OfType<string>().Select(id => _view.FindUser(request, id)).OfType<Person>()
            .Where(p => request.App.IsAvailableTo(p.UserId)).DistinctBy(p => p.UserId);
        return FeishuAnswer.Data(new JsonObject { ["items"] = new JsonArray([.. found.Select(p => (JsonNode)_view.User(request, p))]) });
    }

    /// <summary>Direct members only.</summary>
    private ApiAnswer FindByDepartment(ApiRequest request)
    {
        var id = request.QueryText("department_id")!;
        var department = _view.FindDepartment(request, id);
        if (id == Department.Root && request.App.AvailableTo is not null) throw request.Refuse(40004);
        if (department is null && id != Department.Root) throw request.Refuse(40004);
        var members = state.People.Where(p => !p.IsResigned && !p.IsGuest && request.App.IsAvailableTo(p.UserId)
            && (department is null ? p.DepartmentIds.IsEmpty : p.DepartmentIds.Contains(department.OpenDepartmentId))).ToArray();
        return FeishuAnswer.Data(Paging.Page(request, members, p => _view.User(request, p), 10, badToken: 40012));
    }

    /// <summary>An unknown address comes back without an id.</summary>
    private ApiAnswer BatchGetId(ApiRequest request)
    {
        var list = new JsonArray();
        foreach (var email in request.Texts("emails")) list.Add(Entry("email", email, p => p.Email.Equals(email, StringComparison.OrdinalIgnoreCase)));
        foreach (var mobile in request.Texts("mobiles")) list.Add(Entry("mobile", mobile, p => p.Mobile == mobile || p.Mobile == "+86" + mobile));
        return FeishuAnswer.Data(new JsonObject { ["user_list"] = list });

        JsonObject Entry(string name, string value, Func<Person, bool> isWanted)
        {
            var entry = new JsonObject { [name] = value };
            var person = state.People.FirstOrDefault(p => isWanted(p) && !p.IsGuest
                && (!p.IsResigned || request.Flag("include_resigned")) && request.App.IsAvailableTo(p.UserId));
            if (person is null) return entry;
            entry["user_id"] = MessageView.PersonId(state, request.App, person.UserId, ContactView.UserIdType(request));
            entry["status"] = ContactView.Status(person);
            return entry;
        }
    }

    /// <summary>The app's data range: whole departments of the first level, or single people.</summary>
    private ApiAnswer Scope(ApiRequest request)
    {
        var whole = request.App.AvailableTo is null;
        var departments = whole ? _view.Children(Department.Root, false).Select(d => d.OpenDepartmentId).ToArray() : [];
        var people = whole ? [] : request.App.AvailableTo!.Order(StringComparer.Ordinal).ToArray();
        var page = Paging.Page(request, [.. departments, .. people], id => id, 50, badToken: 40012);
        var ids = page["items"]!.AsArray().Select(i => i!.GetValue<string>()).ToArray();
        return FeishuAnswer.Data(new JsonObject
        {
            ["department_ids"] = new JsonArray([.. ids.Where(i => departments.Contains(i)).Select(i => (JsonNode?)_view.DepartmentId(request, i))]),
            ["user_ids"] = new JsonArray([.. ids.Where(i => people.Contains(i)).Select(i => (JsonNode?)MessageView.PersonId(state, request.App, i, ContactView.UserIdType(request)))]),
            ["group_ids"] = new JsonArray(),
            ["has_more"] = page["has_more"]!.GetValue<bool>(),
            ["page_token"] = page["page_token"]!.GetValue<string>(),
        });
    }

    private ApiRefusedException Unknown(ApiRequest request, string id) => ContactView.UserIdType(request) switch
    {
        "open_id" when state.Apps.Any(a => state.People.Any(p => WireIds.OpenId(a.AppId, p.UserId) == id)) => new ApiRefusedException(400, 99992361, "open_id cross app"),
        "open_id" => new ApiRefusedException(400, 99992351, $"these open ids not existed: [{id}]"),
        _ => new ApiRefusedException(400, 99992360, $"these ids not existed: [{id}]"),
    };
}
