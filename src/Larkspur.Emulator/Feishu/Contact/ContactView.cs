using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Contact;

/// <summary>People and departments in the words of one call: which ids it takes and wants, and what its app may see.</summary>
internal sealed class ContactView(EmulatorState state)
{
    public JsonObject User(ApiRequest request, Person person) => Fields(request).User(person);

    public JsonObject Department(ApiRequest request, Department department) => Fields(request).Department(department);

    public string DepartmentId(ApiRequest request, string openDepartmentId) => Fields(request).DepartmentId(openDepartmentId);

    /// <summary>By the id style of <c>user_id_type</c>. A company's directory knows its own people.</summary>
    public Person? FindUser(ApiRequest request, string id) => UserIdType(request) switch
    {
        "user_id" => state.Member(id),
        "union_id" => state.PersonByUnionId(id) is { IsGuest: false } member ? member : null,
        _ => state.PersonByOpenId(request.App.AppId, id) is { IsGuest: false } member ? member : null,
    };

    public Department? FindDepartment(ApiRequest request, string id) =>
        CustomDepartmentIds(request) ? state.DepartmentByCustomId(id) : state.FindDepartment(id);

    public static string UserIdType(ApiRequest request) => request.QueryText("user_id_type") ?? "open_id";

    private ContactFields Fields(ApiRequest request) =>
        new(state, request.Caller!.AppAsGranted, UserIdType(request), CustomDepartmentIds(request));

    private static bool CustomDepartmentIds(ApiRequest request) => request.QueryText("department_id_type") == "department_id";
}
