using System.Security.Cryptography;
using Larkspur.Emulator.Dify;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>Files that tests send, and what the emulated Dify saw of them.</summary>
internal static class SentFiles
{
    /// <summary>A picture of one pixel; more bytes behind its end belong to nothing and disturb nobody.</summary>
    public static byte[] Png(int more = 0) =>
        [.. Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="), .. RandomNumberGenerator.GetBytes(more)];

    /// <summary>What comes without a word is a question at once, and does not wait for one.</summary>
    public static KeyValuePair<string, string?> AtOnce { get; } = new("Larkspur:Assistant:FileWait", "00:00:00");

    public static string Base64(byte[] bytes) => Convert.ToBase64String(bytes);

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Questions that the emulated Dify got, whoever asked, in their order.</summary>
    public static IReadOnlyList<DifyMessage> Asked(EmulatorApp emulator) =>
        [.. emulator.Services.GetRequiredService<DifyConversations>().All().SelectMany(c => c.Messages).OrderBy(m => m.CreatedAt)];
}
