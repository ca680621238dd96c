using System.Security.Cryptography;
using System.Text.Json;

namespace Larkspur.Feishu.Tables;

/// <summary>The <c>client_token</c> of a batch: a uuid of version 4, as the platform demands (1254037).</summary>
internal static class ClientToken
{
    private const int Version = 4;

    public static string New() => Guid.NewGuid().ToString();

    /// <summary>The same for the same rows at the same place of a writing that is repeated; without a key one of its own.</summary>
    public static string Of(string? repeatKey, PendingRow[] rows)
    {
        if (repeatKey is null) return New();
        var named = new { repeatKey, rows[0].Index, Rows = rows.Select(row => row.Fields) };
        var bytes = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(named, FeishuJson.Options)).AsSpan(0, 16);
        bytes[6] = (byte)(bytes[6] & 0x0f | Version << 4);
        bytes[8] = (byte)(bytes[8] & 0x3f | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
