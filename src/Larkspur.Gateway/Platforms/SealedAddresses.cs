using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.Platforms;

/// <summary>Where sealed addresses (<see cref="AddressSeals"/>) lie. Only in rows that are not ended: after an hour or two none of them
/// leads anywhere.</summary>
internal static class SealedAddresses
{
    private static readonly SealedPurpose[] Purposes =
        [new(BotFileSeals.Purpose), new(ResponseAddresses.Purpose, IsBase64Url: false), new(SessionWebhooks.Purpose, IsBase64Url: false)];

    public static IReadOnlyList<SealedColumns> Columns { get; } =
    [
        new("inbox", "id", ["payload"], Purposes) { Where = "status = 0", AreBytes = true },
        new("outbox", "id", ["content"], Purposes) { Where = "status IN (0, 3)" },
        new("assistant_turn", "id", ["reply", "attachments"], Purposes) { Where = "state = 0" },
        new("assistant_waiting_file", "message", ["attachments"], Purposes) { Where = "taken_by IS NULL" },
        new("command_call", "id", ["reply"], Purposes) { Where = "state < 2 AND platform IN ('wecom', 'dingtalk')" },
        new("wecom_reply", "stream_id", ["relay"], Purposes) { Where = "state = 0" },
    ];
}
