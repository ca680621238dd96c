using System.Text.Json.Nodes;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>A school's contacts beside the company's, as an organisation with pupils has them: departments of negative number, and one
/// pupil. Whoever synchronises the staff must pass them over.</summary>
internal static class School
{
    public const long Contacts = -7;
    public const long Form = -8;

    public static bool Has(long number) => number is Contacts or Form;

    public static long[] Children(long number) => number == DingTalkDirectory.Root ? [Contacts] : number == Contacts ? [Form] : [];

    public static JsonObject Show(long number) => new()
    {
        ["dept_id"] = number, ["name"] = number == Contacts ? "家校通讯录" : "一年级一班", ["create_dept_group"] = false, ["auto_add_user"] = false,
        ["parent_id"] = number == Contacts ? DingTalkDirectory.Root : Contacts,
    };

    public static JsonArray Members(long number) => number == Contacts ? [] :
    [
        new JsonObject
        {
            ["userid"] = "pupil-1", ["unionid"] = DingTalkIds.UnionId("pupil-1"), ["name"] = "小明", ["avatar"] = "",
            ["dept_id_list"] = new JsonArray(Form),
            ["active"] = false, ["admin"] = false, ["boss"] = false, ["leader"] = false, ["exclusive_account"] = false,
            ["extension"] = "{}",
        },
    ];
}
