using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.Console.Pages.People;

/// <summary>What the pages about people say.</summary>
internal static class PeopleTexts
{
    public static readonly LocalText Title = new("人员", "People");
    public static readonly LocalText About = new("给机器人发过消息或登录过的人，以及他们在各平台的账号。",
        "Everybody who has written to the bot or signed in, with their accounts on all platforms.");
    public static readonly LocalText Search = new("姓名、邮箱或 ID", "Name, mail address or id");
    public static readonly LocalText Platform = new("平台", "Platform");
    public static readonly LocalText All = new("全部", "All");
    public static readonly LocalText State = new("状态", "State");
    public static readonly LocalText Filter = new("筛选", "Filter");
    public static readonly LocalText Name = new("姓名", "Name");
    public static readonly LocalText Accounts = new("账号", "Accounts");
    public static readonly LocalText Seen = new("最近出现", "Last seen");
    public static readonly LocalText Active = new("正常", "Active");
    public static readonly LocalText ShutOut = new("已停用", "Shut out");
    public static readonly LocalText Nameless = new("（未提供姓名）", "(no name given)");
    public static readonly LocalText Older = new("更早的人员", "Older ones");
    public static readonly LocalText None = new("还没有人", "Nobody yet");
    public static readonly LocalText NoneHelp = new("有人首次给机器人发消息，或打开网页聊天后，会出现在这里。",
        "People appear here when they first write to the bot or open the web chat.");
    public static readonly LocalText NoneFits = new("没有符合条件的人", "Nobody fits");
    public static readonly LocalText NoneFitsHelp = new("可以按姓名、邮箱的一部分，或 ID 的开头查找。",
        "Search by a part of a name or mail address, or by the beginning of an id.");
    public static readonly LocalText ShowAll = new("显示全部", "Show everybody");
    public static readonly LocalText Missing = new("没有这个人", "There is no such person");
    public static readonly LocalText MissingHelp = new("ID 可能写错了。", "The id may be mistyped.");
    public static readonly LocalText ToList = new("返回人员列表", "Back to the list");
    public static readonly LocalText Id = new("ID", "Id");
    public static readonly LocalText Ids = new("平台 ID", "Ids there");
    public static readonly LocalText FormerIds = new("合并前的 ID", "Ids from before a join");
    public static readonly LocalText Email = new("邮箱", "Mail address");
    public static readonly LocalText Since = new("首次出现", "First seen");
    public static readonly LocalText App = new("应用", "App");
    public static readonly LocalText External = new("外部联系人", "From outside");
    public static readonly LocalText Apart = new("不自动关联", "Kept apart");
    public static readonly LocalText Claimed = new("未经核实", "Not verified");
    public static readonly LocalText Conflict = new("可能与他人重复", "May be somebody else's too");
    public static readonly LocalText Roles = new("角色", "Roles");
    public static readonly LocalText RolesHelp = new("规则按角色放行或禁止。角色在“权限”页定义。",
        "Rules go by roles, which are defined on the page of permissions.");
    public static readonly LocalText NoSuchRole = new("这个角色已被删除", "This role is gone");
    public static readonly LocalText NoRoles = new("还没有定义角色", "No role is defined yet");
    public static readonly LocalText ToPermissions = new("前往权限", "To the permissions");
    public static readonly LocalText Features = new("可以使用", "What they may use");
    public static readonly LocalText FeaturesHelp = new("按当前规则，在最近出现的平台上判断，不含按部门放行的规则。",
        "As the rules stand now, on the platform where they were seen last; what rules permit by department is not counted.");
    public static readonly LocalText Allowed = new("可以", "Yes");
    public static readonly LocalText Denied = new("不可以", "No");
    public static readonly LocalText Disable = new("停用", "Shut out");
    public static readonly LocalText Enable = new("恢复", "Let in again");
    public static readonly LocalText Disabled = new("已停用", "Shut out everywhere");
    public static readonly LocalText Enabled = new("已恢复", "Let in again");
    public static readonly LocalText Unlink = new("拆分", "Unlink");
    public static readonly LocalText Unlinked = new("已拆分为另一个人", "It is a person of its own now");
    public static readonly LocalText Joins = new("最近的合并", "Joined lately");
    public static readonly LocalText Undo = new("撤销合并", "Undo the join");
    public static readonly LocalText Undone = new("已撤销合并", "They are two again");
    public static readonly LocalText UndoUntil = new("可撤销至", "can be undone until");
    public static readonly LocalText Merge = new("合并另一个人", "Merge somebody into this person");
    public static readonly LocalText MergeHelp = new("对方的账号、对话等归入此人。24 小时内可以撤销，相关账号会收到提醒。",
        "Their accounts and conversations become this person's. It can be undone for 24 hours, and their accounts are told.");
    public static readonly LocalText MergeFrom = new("对方的 ID", "The other one's id");
    public static readonly LocalText MergeNow = new("合并", "Merge");
    public static readonly LocalText Merged = new("已合并", "They are one person now");
    public static readonly LocalText RoleChanged = new("角色已更新", "The roles are changed");

    public static LocalText DisableQuestion(string name) => new($"停用“{name}”？此人在所有平台上都不能再使用助手和命令，直到恢复为止。",
        $"Shut “{name}” out? Nothing is permitted to them on any platform until they are let in again.");

    public static LocalText UnlinkQuestion(string platform) => new($"将这个{platform}账号拆分为另一个人？以往的对话和角色留在当前这个人名下，账号会收到提醒。",
        $"Make this {platform} account a person of its own? What was said until now, and the roles, stay with the present one. "
        + "The account is told.");

    public static readonly LocalText UndoQuestion = new("撤销后重新成为两个人，各自保留原来的内容。相关账号会收到提醒。",
        "They become two people again, each with what was theirs. Their accounts are told.");

    public static LocalText MergeQuestion(string name) => new($"将对方合并到“{name}”？", $"Merge the other one into “{name}”?");

    /// <summary>Why something is not permitted.</summary>
    public static LocalText Of(string reason) => reason switch
    {
        PermissionReasons.DeniedByRule => new("规则禁止", "a rule forbids it"),
        PermissionReasons.OutsideHours => new("不在允许的时间内", "outside the permitted hours"),
        PermissionReasons.NotGranted => new("没有规则放行", "no rule permits it"),
        PermissionReasons.DepartmentsUnknown => new("取决于所在部门", "depends on their departments"),
        PermissionReasons.Disabled => new("已停用", "shut out"),
        _ => LocalText.From(reason),
    };

    /// <summary>By which proof two became one.</summary>
    public static LocalText OfJoin(string how) => how switch
    {
        PersonJoining.ByAdministrator => new("由管理员合并", "by an administrator"),
        PersonJoining.ByEmail => new("邮箱相同", "by the same mail address"),
        PersonJoining.ByCode => new("本人用验证码关联", "by a code of their own"),
        _ => LocalText.From(how),
    };
}
