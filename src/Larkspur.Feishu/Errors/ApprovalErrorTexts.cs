namespace Larkspur.Feishu;

/// <summary>Approval: 1390xxx and 1395xxx, and the older 60xxx and 65xxx that some paths still answer with.</summary>
/// <remarks>Sources: the error lists of approval-v4 and of the old approval API (approval-openapi v2, v3). The older numbers mean other things elsewhere: <see cref="FeishuErrorTexts.Of"/>.</remarks>
internal static class ApprovalErrorTexts
{
    public static readonly (int Code, string Chinese, string English)[] All =
    [
        (1390001, "审批请求参数有误。若提示里有控件 ID，请核对该控件的值和类型。", "A value of the approval request is wrong. If the message names a control, check that control's value and kind."),
        (1390002, "找不到审批定义。请检查 approval_code。", "There is no such approval definition. Check the approval code."),
        (1390003, "找不到审批实例。请检查 instance_code。", "There is no such approval instance. Check the instance code."),
        (1390004, "找不到用户。请核对用户 ID 和它的类型。", "There is no such person. Check the id and its kind."),
        (1390005, "找不到部门。请检查部门 ID。", "There is no such department. Check its id."),
        (1390006, "审批表单不合法。请按提示里的控件 ID 修改。", "The approval form is not acceptable. Correct the control that the message names."),
        (1390007, "该审批定义已订阅，或尚未订阅；无需处理。", "The approval definition is subscribed already, or was not subscribed; nothing needs to be done."),
        (1390009, "没有操作权限。请在审批管理后台检查流程的操作权限。", "Not permitted. Check the rights of the process in the approval console."),
        (1390010, "找不到审批任务，或任务已经处理。", "There is no such approval task, or it is decided already."),
        (1390013, "自由流程的审批不支持该操作。", "Approvals with a free process do not allow this."),
        (1390014, "审批不属于当前企业。", "The approval belongs to another company."),
        (1390015, "审批定义未启用。请管理员在审批后台启用。", "The approval definition is not in use. An administrator can switch it on in the approval console."),
        (1390016, "审批定义已被删除。", "The approval definition was deleted."),
        (1390018, "该节点需要手写签名，不能通过 API 处理，请在飞书客户端操作。", "This step wants a hand-written signature, which no API can give. Decide it in the Feishu client."),
        (1395001, "审批服务出错。请稍后重试；一直失败时请检查表单的值。", "The approval service failed. Try again in a while; if it goes on, check the form's values."),
        (1395061, "地址库版本已更新。请重新获取地区列表。", "The list of districts has changed. Fetch it again."),
        (60001, "审批请求参数有误。", "A value of the approval request is wrong."),
        (60002, "找不到审批定义。请检查 approval_code。", "There is no such approval definition. Check the approval code."),
        (60003, "找不到审批实例。请检查 instance_code。", "There is no such approval instance. Check the instance code."),
        (60004, "找不到用户。请核对用户 ID 和它的类型。", "There is no such person. Check the id and its kind."),
        (60005, "找不到部门，或该用户不属于这个部门。", "There is no such department, or the person does not belong to it."),
        (60006, "审批表单不合法。请按提示里的控件 ID 修改。", "The approval form is not acceptable. Correct the control that the message names."),
        (60007, "该审批定义已订阅，无需重复订阅。", "The approval definition is subscribed already."),
        (60008, "该审批定义没有订阅。", "The approval definition is not subscribed."),
        (60009, "没有操作权限。", "Not permitted."),
        (60010, "找不到审批任务，或任务已经处理。", "There is no such approval task, or it is decided already."),
        (60011, "该功能需要付费版审批。", "This needs a paid plan of approval."),
        (60012, "这个 uuid 已经用于另一个审批实例。", "This uuid belongs to an approval instance already."),
        (60013, "该审批定义不支持这个操作。", "This approval definition does not allow this."),
        (60014, "审批正被其他操作占用。请稍后重试。", "The approval is busy with another operation. Try again in a moment."),
        (65001, "审批服务内部出错。请稍后重试。", "The approval service failed. Try again in a while."),
    ];
}
