using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Audit;

/// <summary>What the audit log says.</summary>
internal static class AuditTexts
{
    public static readonly LocalText Title = new("审计日志", "Audit log");
    public static readonly LocalText About = new("谁在什么时候改了什么。记录与改动在同一个事务里写入，不可修改。", "Who changed what, and when. A line is written in the change's own transaction and never edited.");
    public static readonly LocalText When = new("时间", "When");
    public static readonly LocalText Who = new("操作者", "Who");
    public static readonly LocalText What = new("操作", "What");
    public static readonly LocalText Subject = new("对象", "Subject");
    public static readonly LocalText From = new("来源地址", "From");
    public static readonly LocalText Filter = new("筛选", "Filter");
    public static readonly LocalText Older = new("更早的记录", "Older lines");
    public static readonly LocalText None = new("没有符合条件的记录", "No line fits");
    public static readonly LocalText NoneHelp = new("登录、修改设置、管理账号和重放消息都会在这里留下记录。", "Log-ins, changed settings and accounts, replayed messages: each leaves a line here.");

    /// <summary>A action's word for people; a word of another room is shown as it is.</summary>
    public static LocalText Of(string what) => what switch
    {
        "account.created" => new("创建账号", "Account created"),
        "account.password_set" => new("设置密码", "Password set"),
        "account.role_set" => new("修改角色", "Role changed"),
        "account.disabled" => new("停用账号", "Account disabled"),
        "account.enabled" => new("启用账号", "Account enabled"),
        "account.unlocked" => new("解除锁定", "Account unlocked"),
        "account.locked" => new("账号被锁定", "Account locked"),
        "account.logged_in" => new("登录", "Logged in"),
        "account.logged_out" => new("退出登录", "Logged out"),
        "account.session_ended" => new("结束一个登录", "Session ended"),
        "account.sessions_ended" => new("全部退出登录", "Logged out everywhere"),
        "account.proof_refused" => new("身份确认被拒绝", "Proof of identity refused"),
        "account.second_factor_set" => new("设置两步验证", "Second factor set up"),
        "account.second_factor_removed" => new("关闭两步验证", "Second factor turned off"),
        "account.second_factor_reset" => new("重置两步验证", "Second factor reset"),
        "account.recovery_codes_renewed" => new("重新生成恢复码", "Recovery codes renewed"),
        "account.recovery_code_used" => new("使用恢复码", "Recovery code used"),
        "log_in.refused" => new("登录被拒绝", "Log-in refused"),
        "setting.changed" => new("修改设置", "Setting changed"),
        "inbox.replayed" or "outbox.replayed" => new("重放", "Replayed"),
        "notification.resolved" => new("办结通知", "Notification resolved"),
        "notification.recalled" => new("撤回通知", "Notification recalled"),
        "notification.reminded" => new("提醒审批人", "Approvers reminded"),
        "notification.test_sent" => new("发送测试通知", "Test notification sent"),
        "command.created" => new("注册命令", "Command registered"),
        "command.changed" => new("修改命令", "Command changed"),
        "command.deleted" => new("删除命令", "Command deleted"),
        "notification_type.created" => new("新建通知类型", "Notification type created"),
        "notification_type.changed" => new("修改通知类型", "Notification type changed"),
        "notification_type.deleted" => new("删除通知类型", "Notification type deleted"),
        "payment.cancel_requested" => new("撤回付款", "Payment withdrawn"),
        "payment.reminded" => new("提醒付款审批人", "Payment's approvers reminded"),
        "inbox.discarded" or "outbox.discarded" => new("丢弃", "Discarded"),
        "approval_task.approve" => new("代为同意", "Approved in somebody's name"),
        "approval_task.reject" => new("代为拒绝", "Rejected in somebody's name"),
        "approval_task.transfer" => new("代为转交", "Task handed on in somebody's name"),
        "approval_task.rollback" => new("代为退回", "Sent back in somebody's name"),
        "approval_task.resubmit" => new("代为重新提交", "Handed in again in somebody's name"),
        "approval_task.add_sign" => new("代为加签", "Signers added in somebody's name"),
        "approval_instance.create" => new("代为发起审批", "Approval started in somebody's name"),
        "approval_instance.cancel" => new("代为撤回审批", "Approval withdrawn in somebody's name"),
        "approval.created" => new("创建审批定义", "Approval definition created"),
        "approval.replaced" => new("替换审批定义", "Approval definition replaced"),
        "approval.subscribed" => new("订阅审批事件", "Approval's events subscribed"),
        "approval.unsubscribed" => new("取消订阅审批事件", "Approval's events unsubscribed"),
        "approval.external_put" => new("保存三方审批定义", "Third-party approval kept"),
        "approval_task.refused" => new("代为审批被拒绝", "Acting in somebody's name refused"),
        "person.disabled" => new("停用人员", "Person shut out"),
        "person.enabled" => new("恢复人员", "Person let in again"),
        "person.merged" => new("合并人员", "People merged"),
        "person.unlinked" => new("拆分账号", "Account unlinked"),
        "person.linked" => new("关联账号", "Accounts linked"),
        "person.join_undone" => new("撤销合并", "Join undone"),
        "person.link_asked" => new("请求关联账号", "Link of accounts asked for"),
        "person.link_refused" => new("拒绝关联账号", "Link of accounts refused"),
        "person.conflict" => new("账号与他人重复", "Account may be another's"),
        "permission_rule.created" => new("添加权限规则", "Permission rule added"),
        "permission_rule.changed" => new("修改权限规则", "Permission rule changed"),
        "permission_rule.deleted" => new("删除权限规则", "Permission rule deleted"),
        "permission_role.created" => new("添加角色", "Role added"),
        "permission_role.changed" => new("调整角色成员", "Role's people changed"),
        "permission_role.deleted" => new("删除角色", "Role deleted"),
        "web_session.begun" => new("开启网页会话", "Web chat session begun"),
        "web_session.revoked" => new("结束网页会话", "Web chat session ended"),
        "api_key.changed" => new("修改 API 密钥", "API key changed"),
        "message.sent_by_hand" => new("手动发送消息", "Message sent by hand"),
        "message.test_sent" => new("发送测试卡片", "Test card sent"),
        "schedule.run" => new("立即执行定时任务", "Job run at once"),
        "quota.reset" => new("恢复应用的调用", "App may call again"),
        "doctor.run" => new("体检", "Check-up"),
        "connection.tested" => new("测试连接", "Connection tested"),
        "webhook.created" => new("添加 Webhook", "Webhook added"),
        "webhook.changed" => new("修改 Webhook", "Webhook changed"),
        "webhook.rotated" => new("更换 Webhook 密钥", "Webhook's secret replaced"),
        "webhook.enabled" => new("重新启用 Webhook", "Webhook enabled again"),
        "webhook.deleted" => new("删除 Webhook", "Webhook deleted"),
        "webhook.tested" => new("测试 Webhook", "Webhook tested"),
        "webhook.resent" => new("重新发送 Webhook", "Webhooks sent again"),
        "webhook.failing_off" => new("Webhook 持续失败，已停用", "Webhook switched off: it kept failing"),
        "webhook.gone" => new("Webhook 已停用（410）", "Webhook gone (410)"),
        "api_key.created" => new("创建 API 密钥", "API key created"),
        "api_key.rotated" => new("更换 API 密钥", "API key renewed"),
        "api_key.revoked" => new("吊销 API 密钥", "API key revoked"),
        _ => LocalText.From(what),
    };
}
