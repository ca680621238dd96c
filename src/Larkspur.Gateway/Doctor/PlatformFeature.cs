using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Doctor;

/// <summary>Something that the gateway does, and what of the platform it touches. The scopes follow from that, by the catalogue.</summary>
/// <param name="Id">A snake_case word.</param>
/// <param name="Title">For people.</param>
/// <param name="Apis">Catalogue ids of the endpoints that it calls.</param>
/// <param name="Events">Events and callbacks that it needs.</param>
internal sealed record PlatformFeature(string Id, LocalText Title, IReadOnlyList<string> Apis, IReadOnlyList<string> Events)
{
    public const string Notifications = "notifications";
    public const string Payments = "payments";
    public const string Conversation = "conversation";

    private static readonly ScopeNeed Names = new("name", ["contact:user.base:readonly"]);
    private static readonly ScopeNeed Above = new("parent_department_id", ["contact:department.organize:readonly"]);

    /// <summary>Fields of answers that it reads, which have scopes of their own.</summary>
    public IReadOnlyList<ScopeNeed> Fields { get; init; } = [];

    /// <summary>The assistant reads linked documents: their blocks, and who may read them.</summary>
    public static PlatformFeature Documents { get; } = new("documents", DoctorTexts.ReadingDocuments,
        [
            "docx.v1.document.block.list", "drive.v2.permission.public.get", "drive.v1.permission.member.list", "drive.v1.meta.batch_query",
            "wiki.v2.space.get_node", "wiki.v2.space.get", "wiki.v2.space.member.list", "im.v1.chat.members.get", "contact.v3.user.get", "contact.v3.department.parent",
        ], [])
    {
        Fields = [new("department_ids", ["contact:user.department:readonly"]), Above],
    };

    /// <summary>People talk with the bot: their messages come, and it knows who they are.</summary>
    public static PlatformFeature Talking { get; } = new(Conversation, DoctorTexts.ConversationWithBot,
        ["contact.v3.user.get"], ["im.message.receive_v1"])
    {
        // Any one scope opens the event; what people say to the bot alone and what they say in groups come by different ones.
        Fields =
        [
            Names, new("user_id", ["contact:user.employee_id:readonly"]), new("said_alone", ["im:message.p2p_msg:readonly",
                "im:message.p2p_msg"]),
            new("said_in_groups",
                ["im:message.group_at_msg:readonly", "im:message.group_at_msg", "im:message.group_at_msg.include_bot:readonly",
                    "im:message.group_msg:readonly", "im:message.group_msg"]),
        ],
    };

    /// <summary>What every app does that is connected: it sends, over REST, from the console, and the wizard's first card.</summary>
    public static PlatformFeature Sending { get; } = new("sending", DoctorTexts.SendingMessages, ["im.v1.message.create"], []);

    /// <summary>Features that administrators switch on.</summary>
    public static IReadOnlyList<PlatformFeature> Switched { get; } =
    [
        // Sending by open id, and updating or recalling what was sent. A click on a card is a callback and needs no scope.
        new(Notifications, DoctorTexts.BusinessNotifications,
            ["im.v1.message.create", "im.v1.message.patch", "im.v1.message.delete", "interactive.v1.card.update.post", "contact.v3.user.batch_get_id"], ["card.action.trigger"]),
        // The definition is read, the instance made, watched, found again by reconciliation, withdrawn; the approver is reminded by the approval bot.
        new(Payments, DoctorTexts.PaymentWorkflow,
            [
                "approval.v4.approval.get", "approval.v4.instance.create", "approval.v4.instance.get", "approval.v4.instance.list", "approval.v4.instance.cancel",
                "approval.v1.message.send.post", "contact.v3.user.batch_get_id",
            ], ["approval_instance"]),
    ];

    /// <summary>What the gateway can do besides, when its scopes are granted; nothing switched on needs it.</summary>
    public static IReadOnlyList<PlatformFeature> Optional { get; } =
    [
        Talking,
        new("message_history", DoctorTexts.FillingGapsAndReadingHistory, ["im.v1.chat.list", "im.v1.message.list"], []),
        new("quoted_messages", DoctorTexts.ReadingMessageIsAnswered, ["im.v1.message.get"], []),
        new("groups", DoctorTexts.Groups, ["im.v1.chat.create", "im.v1.chat.get", "im.v1.chat.members.create", "im.v1.chat.members.get",
            "im.v1.chat.announcement.patch"], ["im.chat.member.user.added_v1"]),
        new("reactions", DoctorTexts.ReactionsUrgentMessagesAnd, ["im.v1.message.reaction.create", "im.v1.message.urgent_app",
            "im.v1.pin.create"], []),
        new("files", DoctorTexts.PicturesAndFiles, ["im.v1.image.create", "im.v1.file.create"], []),
        new("streaming", DoctorTexts.StreamingCards, ["cardkit.v1.card.create"], []),
        new("read_state", DoctorTexts.ReadReceipts, ["im.v1.message.read_users"], ["im.message.message_read_v1"]),
        new("employee_numbers", DoctorTexts.FindingPeopleByEmployee,
            ["contact.v3.scope.list", "contact.v3.user.batch", "contact.v3.user.find_by_department", "contact.v3.department.children"], [])
        {
            Fields = [Names, new("employee_no", ["contact:user.employee_number:read", "contact:user.employee:readonly"])],
        },
        new("directory_recipients", DoctorTexts.NotificationsToDepartments,
            ["contact.v3.user.find_by_department", "contact.v3.functional_role.member.list"], []),
        Documents,
        new("saved_documents", DoctorTexts.AnswersAsDocuments, ["docx.v1.document.create", "docx.v1.document.block.descendant.create",
            "drive.v1.permission.member.create", "drive.v1.meta.batch_query"], []),
        new("tables", DoctorTexts.Tables,
            [
                "bitable.v1.app.get", "bitable.v1.app.table.list", "bitable.v1.app.table.field.list", "bitable.v1.app.table.record.search",
                "bitable.v1.app.table.record.batch_get", "bitable.v1.app.table.record.batch_create",
                "bitable.v1.app.table.record.batch_update", "bitable.v1.app.table.record.batch_delete", "wiki.v2.space.get_node",
            ], [])
        {
            // A sync hears of changes by events, for which the file must be subscribed to. Wider scopes do too: docs:doc, drive:drive.
            Fields = [new("events", ["docs:event:subscribe"])],
        },
        new("own_names", DoctorTexts.OwnNames,
            ["calendar.v4.calendar.primary", "calendar.v4.calendar.event.instance_view", "approval.v4.task.list"],
            ["auth.user_access_token.revoked_v4"])
        {
            // A token that is renewed while its person is away.
            Fields = [new("offline_access", ["offline_access"])],
        },
        new("department_rules", DoctorTexts.RulesByDepartment,
            ["contact.v3.user.get", "contact.v3.department.get", "contact.v3.department.parent"], [])
        {
            Fields = [new("department_ids", ["contact:user.department:readonly"]), Above],
        },
        new("approval_lists", DoctorTexts.ApprovalsOnTheConsolesPage, ["approval.v4.instance.query"], []),
        new("approval_comments", DoctorTexts.CommentsApprovals, ["approval.v4.instance.comment.create"], []),
        new("approval_subscription", DoctorTexts.SubscribingToApproval, ["approval.v4.approval.subscribe"], []),
        new("doctor", DoctorTexts.CheckingAppVersion, ["application.v6.application.get", "application.v6.application.app_version.get"], []),
    ];

    private static readonly string[] Switches =
        [FeishuIntegration.NotifyOnPr, FeishuIntegration.NotifyOnApproval, FeishuIntegration.NotifyOnPo, FeishuIntegration.NotifyOnPayment, FeishuIntegration.NotifyOnContractExpiry];

    /// <summary>What is switched on.</summary>
    /// <param name="settings">What administrators have switched on.</param>
    /// <param name="assistant">There is an assistant: a bot that hears nobody is deaf.</param>
    /// <param name="documents">It reads documents.</param>
    public static IReadOnlyList<PlatformFeature> On(SettingsState settings, bool assistant = false, bool documents = false)
    {
        var switched = !settings.IsOn(FeishuIntegration.Enabled) ? []
            : Switched.Where(f => f.Id switch
            {
                Notifications => Switches.Any(settings.IsOn),
                _ => settings.IsOn(FeishuIntegration.PaymentWorkflow),
            }).Prepend(Sending);
        return [.. switched, .. assistant ? [Talking] : Array.Empty<PlatformFeature>(), .. documents ? [Documents]
            : Array.Empty<PlatformFeature>()];
    }

    /// <summary>What its endpoints and events need: of each list any one scope.</summary>
    public IEnumerable<ScopeNeed> Needs() =>
        Apis.Select(a => new ScopeNeed(a, ScopePlan.Entry(a).Scopes)).Concat(Events.Select(e => new ScopeNeed(e, ScopePlan.EventScopes(e)))).Concat(Fields).Where(n => n.AnyOf.Count > 0);
}

/// <summary>An endpoint or event, and the scopes of which any one opens it.</summary>
internal sealed record ScopeNeed(string For, IReadOnlyList<string> AnyOf);
