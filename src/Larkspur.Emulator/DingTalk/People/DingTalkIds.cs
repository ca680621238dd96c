using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>Ids as they look on DingTalk's wire. The same in every run.</summary>
internal static class DingTalkIds
{
    /// <summary>The same in every application of one developer.</summary>
    public static string UnionId(string userId) => Convert.ToBase64String(Hash("union", userId)[..16]).Replace('+', 'i').Replace('/', 'E').TrimEnd('=') + "iE";

    /// <summary>Of one application.</summary>
    public static string OpenId(string userId) => Convert.ToBase64String(Hash("open", userId)[..12]).Replace('+', 'i').Replace('/', 'S') + "iE";

    /// <summary>The encrypted id that robot messages name beside the userid.</summary>
    public static string SenderId(string userId) => "$:LWCP_v1:$" + Convert.ToBase64String(Hash("sender", userId)[..24]);

    public static string RobotChatId(string robotCode, string userId) => "cid" + Convert.ToBase64String(Hash("robot chat", robotCode + "/" + userId));

    public static string NoticeChatId(string userId) => "notices-" + userId;

    public static string GroupId(string name) => "cid" + Convert.ToBase64String(Hash("group", name)[..16]);

    /// <summary>Departments have numbers; the root is 1.</summary>
    public static long DepartmentId(string departmentId) => departmentId == Department.Root ? 1 : 900_000_000 + (BitConverter.ToUInt32(Hash("department", departmentId)) % 90_000_000);

    private static byte[] Hash(string kind, string value) => SHA256.HashData(Encoding.UTF8.GetBytes("larkspur/dingtalk/" + kind + "/" + value));
}
