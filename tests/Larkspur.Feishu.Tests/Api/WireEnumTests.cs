using System.Text.Json;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Events;

namespace Larkspur.Feishu.Tests.Api;

public sealed class WireEnumTests
{
    [Fact]
    public void A_value_that_nobody_documented_survives_a_round_trip()
    {
        var read = JsonSerializer.Deserialize<UserIdType>("\"galactic_id\"", FeishuJson.Options);
        Assert.Equal("galactic_id", read.Value);
        Assert.Equal("\"galactic_id\"", JsonSerializer.Serialize(read, FeishuJson.Options));
    }

    [Fact]
    public void Known_values_compare_equal_however_they_were_made()
    {
        UserIdType fromText = "open_id";
        Assert.Equal(UserIdType.OpenId, fromText);
        Assert.Equal("open_id", fromText.ToString());
        Assert.Equal(UserIdType.OpenId, UserIdType.From("open_id"));
        Assert.Equal("", default(UserIdType).ToString());
    }

    [Fact]
    public void A_number_where_text_is_documented_does_not_cost_the_event()
    {
        var read = JsonSerializer.Deserialize<ApprovalInstance>("""{"status":"REVERTED","operate_time":1700000000123,"instance_code":"I-1"}""", FeishuJson.Options)!;
        Assert.Equal("1700000000123", read.OperateTime);
        Assert.Equal("REVERTED", read.Status?.Value);
    }

    [Fact]
    public void A_received_message_is_read_as_the_platform_documents_it()
    {
        var read = JsonSerializer.Deserialize<ImMessageReceiveV1>(
            """
            {"sender":{"sender_id":{"union_id":"on_1","user_id":"alice","open_id":"ou_1"},"sender_type":"user","tenant_key":"736588c9260f175e"},
             "message":{"message_id":"om_1","root_id":"om_0","create_time":"1609073151345","chat_id":"oc_1","chat_type":"group","message_type":"text",
              "content":"{\"text\":\"@_user_1 hello\"}","mentions":[{"key":"@_user_1","id":{"open_id":"ou_2"},"name":"Tom","tenant_key":"x"}],"brand_new":{"a":[1]}}}
            """, FeishuJson.Options)!;
        Assert.Equal("alice", read.Sender?.SenderId?.UserId);
        Assert.Equal("group", read.Message?.ChatType?.Value);
        Assert.Equal("ou_2", read.Message?.Mentions?[0].Id?.OpenId);
    }
}
