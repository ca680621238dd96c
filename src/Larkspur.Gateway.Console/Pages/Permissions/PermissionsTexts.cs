using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.Console.Pages.Permissions;

/// <summary>What the page of permissions says.</summary>
internal static class PermissionsTexts
{
    public static readonly LocalText Title = new("权限", "Permissions");
    public static readonly LocalText About = new("谁能使用助手等功能，在什么时间。禁止优先；一旦有规则放行某项功能，其他人就不能再使用它。",
        "Who may use the assistant and other features, and when. What forbids wins; "
        + "once a rule permits a feature, it is only for those whom rules permit it.");
    public static readonly LocalText Rules = new("规则", "Rules");
    public static readonly LocalText AddRule = new("添加规则", "Add a rule");
    public static readonly LocalText NoRule = new("还没有规则", "No rule yet");
    public static readonly LocalText NoRuleHelp = new("没有规则时，按设置 Larkspur:People:DefaultPermission 处理（默认所有人都可以使用）。",
        "Without rules it is as Larkspur:People:DefaultPermission says: by default everybody may use everything.");
    public static readonly LocalText Name = new("名称", "Name");
    public static readonly LocalText NameHelp = new("字母（可以是中文）、数字、点、下划线和连字符，最长 60 个字符。",
        "Letters, digits, dots, underscores and hyphens, up to 60.");
    public static readonly LocalText Feature = new("功能", "Feature");
    public static readonly LocalText FeatureHelp = new("助手是 assistant；各条路由可以有自己的功能名；* 表示全部。",
        "The assistant is “assistant”; a route may have a feature of its own; * is all of them.");
    public static readonly LocalText Effect = new("效果", "Effect");
    public static readonly LocalText Allows = new("放行", "Permits");
    public static readonly LocalText Denies = new("禁止", "Forbids");
    public static readonly LocalText Who = new("对象", "Whom");
    public static readonly LocalText Everybody = new("所有人", "Everybody");
    public static readonly LocalText Some = new("符合下列任一条件的人", "Whoever fits any of these");
    public static readonly LocalText People = new("人员", "People");
    public static readonly LocalText PeopleHelp = new("邮箱，或“人员”页上的 ID（pe_…），每行一个。",
        "Mail addresses, or ids (pe_…) from the page of people, one on a line.");
    public static readonly LocalText Departments = new("部门", "Departments");
    public static readonly LocalText DepartmentsHelp = new("平台上的部门 ID，每行一个，包含其下级部门；dingtalk:2 只指钉钉上的那个部门。",
        "Ids of departments, one on a line, with those below; dingtalk:2 is the one on DingTalk alone.");
    public static readonly LocalText Roles = new("角色", "Roles");
    public static readonly LocalText Platforms = new("平台", "Platforms");
    public static readonly LocalText Hours = new("时间", "Hours");
    public static readonly LocalText Always = new("任何时间", "Always");
    public static readonly LocalText SomeHours = new("仅限指定时间", "At some hours only");
    public static readonly LocalText OnDays = new("星期", "Days");
    public static readonly LocalText From = new("从", "From");
    public static readonly LocalText To = new("到", "To");
    public static readonly LocalText ToHelp = new("早于开始时间表示次日。", "Before the beginning: on the next day.");
    public static readonly LocalText Zone = new("时区", "Time zone");
    public static readonly LocalText Note = new("备注", "Note");
    public static readonly LocalText Save = new("保存", "Save");
    public static readonly LocalText Change = new("修改", "Change");
    public static readonly LocalText Delete = new("删除", "Delete");
    public static readonly LocalText Changed = new("修改时间", "Changed");
    public static readonly LocalText Saved = new("规则已保存", "The rule is saved");
    public static readonly LocalText Deleted = new("规则已删除", "The rule is deleted");
    public static readonly LocalText Unreadable = new("无法读取，已对所有人禁止", "Cannot be read: it forbids to everybody");
    public static readonly LocalText Missing = new("这条规则已经不存在", "This rule is not there any more");
    public static readonly LocalText AddRole = new("添加角色", "Add a role");
    public static readonly LocalText RolesHelp = new("角色是一组人，在“人员”页上为某个人勾选。", "A role is a group of people; tick it on a person's page.");
    public static readonly LocalText NoRole = new("还没有角色", "No role yet");
    public static readonly LocalText Members = new("成员", "Members");
    public static readonly LocalText NoMembers = new("还没有成员", "Nobody yet");
    public static readonly LocalText RoleTaken = new("已有同名的角色", "There is a role of this name");
    public static readonly LocalText RoleAdded = new("角色已添加，可以在“人员”页上分配", "The role is added; give it to somebody on the page of people");
    public static readonly LocalText RoleDeleted = new("角色已删除", "The role is deleted");
    public static readonly LocalText Cancel = new("取消", "Cancel");

    private static readonly Dictionary<string, LocalText> Days = new(StringComparer.Ordinal)
    {
        ["mon"] = new("周一", "Mon"), ["tue"] = new("周二", "Tue"), ["wed"] = new("周三", "Wed"), ["thu"] = new("周四", "Thu"),
        ["fri"] = new("周五", "Fri"), ["sat"] = new("周六", "Sat"), ["sun"] = new("周日", "Sun"),
    };

    public static LocalText DeleteQuestion(string name) => new($"删除规则“{name}”？立即生效。", $"Delete the rule “{name}”? It counts at once.");

    public static LocalText DeleteRoleQuestion(string name, int members) => new($"删除角色“{name}”（{members} 名成员）？",
        $"Delete the role “{name}” ({members} {(members == 1 ? "member" : "members")})?");

    public static LocalText OfDay(string word) => Days[word];

    /// <summary>When a rule counts, in one line.</summary>
    public static LocalText Of(RuleHours? hours)
    {
        if (hours is null) return Always;
        var words = RuleHours.Words.Where(word => hours.Days.Contains(word.Day)).Select(word => OfDay(word.Word)).ToArray();
        var (from, to) = (RuleHours.Text(hours.From), RuleHours.Text(hours.To));
        var zone = hours.Zone is { } own ? $" ({own.Id})" : "";
        var (chinese, english) = (string.Join('、', words.Select(w => w.Chinese)), string.Join(", ", words.Select(w => w.English)));
        return new($"{chinese} {from}–{to}{zone}", $"{english} {from}–{to}{zone}");
    }

    public static LocalText Of(RequestRefusedException refused) => refused.Word switch
    {
        "name_in_use" => new("已有同名的规则", "There is a rule of this name"),
        "changed_meanwhile" => new("其他人刚刚修改过，请重新打开后再改", "Somebody changed it meanwhile; open it again"),
        "bad_name" => new("名称由字母、数字、点、下划线和连字符组成，最长 60 个字符", "A name has up to 60 letters, digits, dots, underscores and hyphens"),
        "bad_feature" => new("功能名由小写字母、数字和 . _ - : / 组成，或为 *", "A feature has lower-case letters, digits and . _ - : /, or is *"),
        "nobody" => new("请至少指定一类对象", "Say whom it is about"),
        "bad_id" => new("人员应为邮箱或 pe_ 开头的 ID", "People are mail addresses, or ids that begin with pe_"),
        "no_such_person" => new("没有这个 ID 对应的人", "Nobody has this id"),
        "no_such_role" => new("没有这个角色", "There is no such role"),
        "role_in_use" => new("有规则使用这个角色，请先修改规则", "A rule names this role; change the rule first"),
        "bad_hours" => new("时间应为 00:00 至 24:00，且开始与结束不同", "Hours are from 00:00 to 24:00, and differ"),
        "bad_time_zone" => new("没有这个时区，应写作 Asia/Shanghai", "There is no such time zone; write it like Asia/Shanghai"),
        "too_many" => new("数量超过上限", refused.Message),
        "missing" or "wrong_type" or "too_long" => new("有一项没有填写或过长", refused.Message),
        _ => LocalText.From(refused.Message),
    };
}
