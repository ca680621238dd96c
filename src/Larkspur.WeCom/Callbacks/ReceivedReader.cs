using System.Xml.Linq;
using Larkspur.WeCom.Approvals;

namespace Larkspur.WeCom.Callbacks;

/// <summary>Turns the decrypted XML into its type.</summary>
internal static class ReceivedReader
{
    public static WeComReceived Read(XElement xml) => xml.Text("MsgType") switch
    {
        "event" => ReadEvent(xml),
        "text" => new TextReceived(xml.Text("Content")) { MessageId = xml.Text("MsgId") },
        "image" => new ImageReceived(xml.Text("MediaId"), xml.Text("PicUrl")) { MessageId = xml.Text("MsgId") },
        "voice" => new VoiceReceived(xml.Text("MediaId"), xml.Text("Format")) { MessageId = xml.Text("MsgId") },
        "video" => new VideoReceived(xml.Text("MediaId"), xml.Text("ThumbMediaId")) { MessageId = xml.Text("MsgId") },
        "location" => new LocationReceived(xml.Decimal("Location_X"), xml.Decimal("Location_Y"), (int)xml.Number("Scale"), xml.Text("Label")) { MessageId = xml.Text("MsgId") },
        "link" => new LinkReceived(xml.Text("Title"), xml.Text("Description"), xml.Text("Url"), xml.Text("PicUrl")) { MessageId = xml.Text("MsgId") },
        _ => new UnknownReceived(xml),
    };

    private static WeComReceived ReadEvent(XElement xml) => (xml.Text("Event"), xml.Text("EventKey")) switch
    {
        ("subscribe", _) => new Subscribed(),
        ("unsubscribe", _) => new Unsubscribed(),
        ("enter_agent", var key) => new AgentEntered(key),
        ("LOCATION", _) => new LocationReported(xml.Decimal("Latitude"), xml.Decimal("Longitude"), xml.Decimal("Precision")),
        ("click", var key) => new MenuClicked(key),
        ("view", var key) => new MenuPageOpened(key, false),
        ("view_miniprogram", var key) => new MenuPageOpened(key, true),
        ("scancode_push" or "scancode_waitmsg", var key) => new CodeScanned(
            key, xml.Text("ScanCodeInfo/ScanType"), xml.Text("ScanCodeInfo/ScanResult"), xml.Text("Event") == "scancode_waitmsg"),
        ("pic_sysphoto" or "pic_photo_or_album" or "pic_weixin", var key) => new PicturesSent(key, xml.Many("SendPicsInfo/PicList/item/PicMd5Sum")),
        ("location_select", var key) => new LocationSelected(
            key, xml.Decimal("SendLocationInfo/Location_X"), xml.Decimal("SendLocationInfo/Location_Y"), (int)xml.Number("SendLocationInfo/Scale"),
            xml.Text("SendLocationInfo/Label"), xml.Text("SendLocationInfo/Poiname")),
        ("template_card_event" or "template_card_menu_event", var key) => new TemplateCardClicked(
            key, xml.Text("TaskId"), xml.Text("CardType"), xml.Text("ResponseCode"), [.. xml.FindMany("SelectedItems/SelectedItem").Select(Selection)],
            xml.Text("Event") == "template_card_menu_event"),
        ("batch_job_result", _) => new BatchJobEnded(
            xml.Text("BatchJob/JobId"), xml.Text("BatchJob/JobType"), (int)xml.Number("BatchJob/ErrCode"), xml.Text("BatchJob/ErrMsg")),
        ("upload_media_job_finish", _) => new UploadJobEnded(xml.Text("JobId")),
        ("change_contact", _) => ReadContact(xml),
        ("sys_approval_change", _) when xml.Find("ApprovalInfo") is { } info => ApprovalReader.Read(info),
        ("open_approval_change", _) when xml.Find("ApprovalInfo") is { } info => new EmbeddedApprovalChanged(EmbeddedApprovalReader.Read(info), info),
        ("kf_msg_or_event", _) => new CustomerServicePing(xml.Text("Token"), xml.Text("OpenKfId")),
        ("kf_account_auth_change", _) => new CustomerServiceAccountsChanged(xml.Many("AuthAddOpenKfId"), xml.Many("AuthDelOpenKfId")),
        _ => new UnknownReceived(xml),
    };

    // An old version of the platform's page misspelt these two names.
    private static CardSelection Selection(XElement item) => new(
        item.Text("QuestionKey"), [.. item.Many("OptionIds/OptionId"), .. item.Many("OpitonIds/OpitonId")]);

    private static WeComReceived ReadContact(XElement xml) => xml.Text("ChangeType") switch
    {
        "create_user" or "update_user" => new MemberChanged
        {
            IsNew = xml.Text("ChangeType") == "create_user",
            UserId = xml.Text("UserID"),
            NewUserId = xml.TextOrNull("NewUserID"),
            Name = xml.TextOrNull("Name"),
            Departments = xml.CommaList("Department"),
            MainDepartment = xml.TextOrNull("MainDepartment"),
            LeadsDepartment = xml.CommaList("IsLeaderInDept")?.Select(flag => flag == "1").ToArray(),
            DirectLeaders = xml.CommaList("DirectLeader"),
            Position = xml.TextOrNull("Position"),
            Mobile = xml.TextOrNull("Mobile"),
            Gender = xml.TextOrNull("Gender"),
            Email = xml.TextOrNull("Email"),
            BusinessEmail = xml.TextOrNull("BizMail"),
            Status = xml.TextOrNull("Status") is null ? null : (int)xml.Number("Status"),
            Avatar = xml.TextOrNull("Avatar"),
            Alias = xml.TextOrNull("Alias"),
            Telephone = xml.TextOrNull("Telephone"),
            Address = xml.TextOrNull("Address"),
            Attributes =
            [
                .. xml.FindMany("ExtAttr/Item").Select(i => new MemberAttribute(
                    i.Text("Name"), (int)i.Number("Type"), i.TextOrNull("Text/Value"), i.TextOrNull("Web/Title"), i.TextOrNull("Web/Url"))),
            ],
        },
        "delete_user" => new MemberDeleted(xml.Text("UserID")),
        "create_party" or "update_party" => new DepartmentChanged(
            xml.Text("ChangeType") == "create_party", xml.Text("Id"), xml.TextOrNull("Name"), xml.TextOrNull("ParentId"),
            xml.TextOrNull("Order") is null ? null : xml.Number("Order")),
        "delete_party" => new DepartmentDeleted(xml.Text("Id")),
        "update_tag" => new TagChanged(
            xml.Text("TagId"), xml.CommaList("AddUserItems") ?? [], xml.CommaList("DelUserItems") ?? [], xml.CommaList("AddPartyItems") ?? [], xml.CommaList("DelPartyItems") ?? []),
        _ => new UnknownReceived(xml),
    };
}
