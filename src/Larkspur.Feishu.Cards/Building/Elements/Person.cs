using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>One person.</summary>
/// <param name="UserId">open_id, union_id or user_id.</param>
public sealed record Person(string UserId) : CardElement
{
    /// <summary>Size of the picture.</summary>
    public PersonSize? Size { get; init; }

    /// <summary>The picture is shown.</summary>
    public bool? ShowAvatar { get; init; }

    /// <summary>The name is shown.</summary>
    public bool? ShowName { get; init; }

    /// <summary>With a capsule or without.</summary>
    public PersonStyle? Style { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "person"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.Enum("size"u8, Size);
        w.Bool("show_avatar"u8, ShowAvatar);
        w.Bool("show_name"u8, ShowName);
        w.Enum("style"u8, Style);
        w.Json.WriteString("user_id"u8, Guard.NotEmpty(UserId, "The person's id"));
    }
}
