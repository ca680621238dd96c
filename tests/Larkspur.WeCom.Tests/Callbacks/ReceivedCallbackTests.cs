using System.Text;
using System.Xml.Linq;
using Larkspur.WeCom.Approvals;
using Larkspur.WeCom.Callbacks;

namespace Larkspur.WeCom.Tests.Callbacks;

/// <summary>Messages and events arrive typed, and know their ids.</summary>
public sealed class ReceivedCallbackTests
{
    [Theory]
    [InlineData("hello", "Q3stYC6hdFzMh9T8HCvyDOeIhHlXzS3ndXGTEaYhkRiJl8tCXvDDz6Z74kIJyp9Lk7YYHw2a1q9Yw+6dVnrZfw==", "c48b760851ed4eedecd0724912876864a8b2cf1e")]
    [InlineData("ab", "Q3stYC6hdFzMh9T8HCvyDJ7SYgErHOxAlEI/M8v1Efmp5tP7hKCAjIi62l3j3JQvaZIgwwGuxPzfKfjrgzB4kQ==", "a1ea334a71e2f74fa814a4cd6d5c4ab53cc401a5")]
    public void The_address_check_of_the_vectors_is_answered_with_the_bare_text(string text, string echo, string signature)
    {
        WeComReception<WeComDelivery> reception = CallbackRequests.Receiver().CheckAddress(new WeComCallbackQuery(signature, "1700000000", "nonce42", echo));
        Assert.Equal(200, reception.StatusCode);
        Assert.Equal(Encoding.UTF8.GetBytes(text), reception.Echo);
    }

    [Fact]
    public void A_text_arrives_as_it_was_written()
    {
        WeComDelivery delivery = CallbackRequests.Deliver(CallbackRequests.Text("订单 4711 <标签> & \"引号\" \u0007 😀"));
        Assert.Equal("1234567890123456789", delivery.Id);
        Assert.Equal(("alice", 1000002, "text", "", false), (delivery.From, delivery.AgentId, delivery.MessageType, delivery.EventType, delivery.IsEvent));
        Assert.Equal(CallbackRequests.Now, delivery.CreatedAt);
        Assert.Equal("订单 4711 <标签> & \"引号\"  😀", Assert.IsType<TextReceived>(delivery.Content).Content);
        Assert.Contains("\u0007", Encoding.UTF8.GetString(delivery.Xml.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_messages_have_their_parts()
    {
        Assert.Equal(new ImageReceived("m1", "http://p/1") { MessageId = "1" }, Content("image", "<PicUrl>http://p/1</PicUrl><MediaId>m1</MediaId><MsgId>1</MsgId>"));
        Assert.Equal(new VoiceReceived("m1", "amr") { MessageId = "1" }, Content("voice", "<MediaId>m1</MediaId><Format>amr</Format><MsgId>1</MsgId>"));
        Assert.Equal(new VideoReceived("m1", "t1") { MessageId = "1" }, Content("video", "<MediaId>m1</MediaId><ThumbMediaId>t1</ThumbMediaId><MsgId>1</MsgId>"));
        Assert.Equal(new LocationReceived(23.5, 113.25, 15, "广州") { MessageId = "1" },
            Content("location", "<Location_X>23.5</Location_X><Location_Y>113.25</Location_Y><Scale>15</Scale><Label>广州</Label><AppType>wxwork</AppType><MsgId>1</MsgId>"));
        Assert.Equal(new LinkReceived("t", "d", "http://u", "http://p") { MessageId = "1" },
            Content("link", "<Title>t</Title><Description>d</Description><Url>http://u</Url><PicUrl>http://p</PicUrl><MsgId>1</MsgId>"));
        Assert.IsType<UnknownReceived>(Content("hologram", "<MsgId>1</MsgId>"));
    }

    [Fact]
    public void Simple_events()
    {
        Assert.IsType<Subscribed>(Event("subscribe", ""));
        Assert.IsType<Unsubscribed>(Event("unsubscribe", ""));
        Assert.Equal(new AgentEntered(""), Event("enter_agent", "<EventKey></EventKey>"));
        Assert.Equal(new LocationReported(1.5, 2.5, 65), Event("LOCATION", "<Latitude>1.5</Latitude><Longitude>2.5</Longitude><Precision>65</Precision>"));
        Assert.Equal(new MenuClicked("k"), Event("click", "<EventKey>k</EventKey>"));
        Assert.Equal(new MenuPageOpened("https://a", false), Event("view", "<EventKey>https://a</EventKey>"));
        Assert.Equal(new MenuPageOpened("pages/a", true), Event("view_miniprogram", "<EventKey>pages/a</EventKey>"));
        Assert.Equal(new CodeScanned("k", "qrcode", "1", true),
            Event("scancode_waitmsg", "<EventKey>k</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult></ScanCodeInfo>"));
        var pictures = Assert.IsType<PicturesSent>(Event("pic_weixin",
            "<EventKey>k</EventKey><SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>"));
        Assert.Equal(["a", "b"], pictures.Md5);
        Assert.Equal(new LocationSelected("k", 1.5, 2.5, 15, "l", "p"), Event("location_select",
            "<EventKey>k</EventKey><SendLocationInfo><Location_X>1.5</Location_X><Location_Y>2.5</Location_Y><Scale>15</Scale><Label>l</Label><Poiname>p</Poiname></SendLocationInfo>"));
        Assert.Equal(new BatchJobEnded("j", "sync_user", 0, "ok"),
            Event("batch_job_result", "<BatchJob><JobId>j</JobId><JobType>sync_user</JobType><ErrCode>0</ErrCode><ErrMsg>ok</ErrMsg></BatchJob>", "sys"));
        Assert.Equal(new UploadJobEnded("j"), Event("upload_media_job_finish", "<JobId>j</JobId>", "sys"));
        Assert.IsType<UnknownReceived>(Event("doc_change", "<ChangeType>x</ChangeType>"));
    }

    [Theory]
    [InlineData("OptionIds", "OptionId")]
    [InlineData("OpitonIds", "OpitonId")]
    public void A_click_on_a_card_has_what_was_chosen(string list, string item)
    {
        var click = Assert.IsType<TemplateCardClicked>(Event("template_card_event",
            "<EventKey>agree</EventKey><TaskId>t-1</TaskId><CardType>multiple_interaction</CardType><ResponseCode>RC</ResponseCode><SelectedItems><SelectedItem><QuestionKey>q1</QuestionKey>"
            + $"<{list}><{item}>a</{item}><{item}>b</{item}></{list}></SelectedItem><SelectedItem><QuestionKey>q2</QuestionKey><{list}><{item}>c</{item}></{list}></SelectedItem></SelectedItems>"));
        Assert.Equal(("agree", "t-1", "multiple_interaction", "RC", false), (click.Key, click.TaskId, click.CardType, click.ResponseCode, click.IsMenu));
        Assert.Equal(["q1", "q2"], click.Selected.Select(s => s.QuestionKey));
        Assert.Equal(["a", "b"], click.Selected[0].OptionIds);
        Assert.DoesNotContain("RC", click.ToString(), StringComparison.Ordinal);
        Assert.True(Assert.IsType<TemplateCardClicked>(Event("template_card_menu_event", "<EventKey>m</EventKey>")).IsMenu);
    }

    [Fact]
    public void Changes_of_the_address_book()
    {
        var changed = Assert.IsType<MemberChanged>(Contact("update_user",
            "<UserID>alice</UserID><NewUserID>alice2</NewUserID><Name>爱丽丝</Name><Department>1,2</Department><MainDepartment>1</MainDepartment><IsLeaderInDept>1,0</IsLeaderInDept>"
            + "<DirectLeader>bob,carol</DirectLeader><Status>1</Status><ExtAttr><Item><Name>工号</Name><Type>0</Type><Text><Value>E1</Value></Text></Item>"
            + "<Item><Name>主页</Name><Type>1</Type><Web><Title>t</Title><Url>http://u</Url></Web></Item></ExtAttr>"));
        Assert.Equal((false, "alice", "alice2", "爱丽丝", 1, null), (changed.IsNew, changed.UserId, changed.NewUserId, changed.Name, changed.Status, changed.Mobile));
        Assert.Equal(["1", "2"], changed.Departments!);
        Assert.Equal([true, false], changed.LeadsDepartment!);
        Assert.Equal(["bob", "carol"], changed.DirectLeaders!);
        Assert.Equal([new MemberAttribute("工号", 0, "E1", null, null), new MemberAttribute("主页", 1, null, "t", "http://u")], changed.Attributes);
        Assert.True(Assert.IsType<MemberChanged>(Contact("create_user", "<UserID>dave</UserID>")).IsNew);
        Assert.Equal(new MemberDeleted("dave"), Contact("delete_user", "<UserID>dave</UserID>"));
        Assert.Equal(new DepartmentChanged(true, "2", "研发", "1", 100), Contact("create_party", "<Id>2</Id><Name>研发</Name><ParentId>1</ParentId><Order>100</Order>"));
        Assert.Equal(new DepartmentChanged(false, "2", null, "1", null), Contact("update_party", "<Id>2</Id><ParentId>1</ParentId>"));
        Assert.Equal(new DepartmentDeleted("2"), Contact("delete_party", "<Id>2</Id>"));
        var tag = Assert.IsType<TagChanged>(Contact("update_tag", "<TagId>1</TagId><AddUserItems>a,b</AddUserItems><DelPartyItems>3</DelPartyItems>"));
        Assert.Equal(["a", "b"], tag.AddedUsers);
        Assert.Equal(["3"], tag.RemovedDepartments);
        Assert.Empty(tag.RemovedUsers);
    }

    [Fact]
    public void Approvals_and_customer_service()
    {
        var approval = Assert.IsType<ApprovalChanged>(Event("sys_approval_change",
            "<ApprovalInfo><SpNo>202511210001</SpNo><SpNoStr>202511210001</SpNoStr><SpName>请假</SpName><SpStatus>2</SpStatus><TemplateId>T1</TemplateId><ApplyTime>1700000000</ApplyTime>"
            + "<Applyer><UserId>alice</UserId><Party>1</Party></Applyer><SpRecord><SpStatus>2</SpStatus><ApproverAttr>2</ApproverAttr><Details><Approver><UserId>bob</UserId></Approver><Speech>好</Speech><SpStatus>2</SpStatus>"
            + "<SpTime>1700000100</SpTime><Attach>m1</Attach><Attach>m2</Attach></Details></SpRecord><Notifyer><UserId>carol</UserId></Notifyer><StatuChangeEvent>2</StatuChangeEvent></ApprovalInfo>", "sys"));
        Assert.Equal(("202511210001", "请假", ApprovalStatus.Passed, "T1", "alice", ApprovalEventKind.Agreed), (approval.Number, approval.Name, approval.Status, approval.TemplateId, approval.ApplicantUserId, approval.EventKind));
        ApprovalDecision decision = Assert.Single(Assert.Single(approval.Records, r => r.NeedsAll).Decisions);
        Assert.Equal(("bob", "好", ApprovalStep.Agreed, DateTimeOffset.FromUnixTimeSeconds(1_700_000_100)), (decision.UserId, decision.Speech, decision.Status, decision.At));
        Assert.Equal(["m1", "m2"], decision.MediaIds);
        Assert.Equal(["carol"], approval.NotifiedUserIds);
        EmbeddedApproval embedded = Assert.IsType<EmbeddedApprovalChanged>(Event("open_approval_change",
            "<ApprovalInfo><ThirdNo>N1</ThirdNo><OpenSpName>付款</OpenSpName><OpenTemplateId>T2</OpenTemplateId><OpenSpStatus>1</OpenSpStatus><ApplyTime>1700000000</ApplyTime>"
            + "<ApplyUserId>alice</ApplyUserId><ApproverStep>1</ApproverStep><ApprovalNodes><ApprovalNode><NodeStatus>1</NodeStatus><NodeAttr>1</NodeAttr><NodeType>1</NodeType><Items><Item><ItemName>鲍勃</ItemName>"
            + "<ItemUserid>bob</ItemUserid><ItemStatus>1</ItemStatus></Item></Items></ApprovalNode></ApprovalNodes></ApprovalInfo>", "sys")).Approval;
        Assert.Equal(("N1", ApprovalStatus.Pending, 1, "bob"), (embedded.ThirdNumber, embedded.Status, embedded.Step, embedded.Nodes[0].People[0].UserId));

        WeComDelivery ping = CallbackRequests.Deliver($"<xml><ToUserName>{CallbackRequests.CorpId}</ToUserName><CreateTime>1700000000</CreateTime><MsgType>event</MsgType>"
            + "<Event>kf_msg_or_event</Event><Token>TT</Token><OpenKfId>wk1</OpenKfId></xml>");
        Assert.Equal(new CustomerServicePing("TT", "wk1"), ping.Content);
        Assert.Equal(("", null), (ping.From, ping.AgentId));
        Assert.DoesNotContain("TT", ping.Content.ToString(), StringComparison.Ordinal);
        var accounts = Assert.IsType<CustomerServiceAccountsChanged>(Event("kf_account_auth_change", "<AuthAddOpenKfId>wk1</AuthAddOpenKfId><AuthAddOpenKfId>wk2</AuthAddOpenKfId>"));
        Assert.Equal(["wk1", "wk2"], accounts.Added);
    }

    [Fact]
    public void Events_of_one_second_differ_and_a_repetition_does_not()
    {
        string Id(string key, string rest = "") => CallbackRequests.Deliver(CallbackRequests.Event("click", $"<EventKey>{key}</EventKey>{rest}")).Id;
        Assert.Equal(Id("a"), Id("a"));
        Assert.NotEqual(Id("a"), Id("b"));
        Assert.NotEqual(Id("a"), Id("a", "<TaskId>t</TaskId>"));
        Assert.StartsWith("evt-", Id("a"), StringComparison.Ordinal);
    }

    private static WeComReceived Content(string type, string rest) => CallbackRequests.Deliver(CallbackRequests.Xml(type, rest)).Content;

    private static WeComReceived Event(string name, string rest, string from = "alice") => CallbackRequests.Deliver(CallbackRequests.Event(name, rest, from)).Content;

    private static WeComReceived Contact(string change, string rest) => Event("change_contact", $"<ChangeType>{change}</ChangeType>{rest}", "sys");
}
