using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>Several persons.</summary>
/// <param name="UserIds">open_id, union_id or user_id of each.</param>
public sealed record PersonList(IReadOnlyList<string> UserIds) : CardElement
{
    /// <summary>Ids that nobody has are left out; otherwise they make the platform refuse the card.</summary>
    public bool? DropInvalid { get; init; }

    /// <summary>Lines to show.</summary>
    public int? Lines { get; init => field = Guard.Between(value, 1, int.MaxValue, "Lines"); }

    /// <summary>Names are shown.</summary>
    public bool? ShowName { get; init; }

    /// <summary>Pictures are shown.</summary>
    public bool? ShowAvatar { get; init; }

    /// <summary>Size of the pictures.</summary>
    public PersonSize? Size { get; init; }

    /// <summary>A picture before the text.</summary>
    public CardIcon? Icon { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "person_list"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.Bool("drop_invalid_user_id"u8, DropInvalid);
        w.Number("lines"u8, Lines);
        w.Bool("show_name"u8, ShowName);
        w.Bool("show_avatar"u8, ShowAvatar);
        w.Enum("size"u8, Size);
        Icon?.Write(w, "icon"u8);
        w.Json.WriteStartArray("persons"u8);
        foreach (var id in Guard.Some(UserIds, "The list of persons"))
        {
            w.Json.WriteStartObject();
            w.Json.WriteString("id"u8, Guard.NotEmpty(id, "A person's id"));
            w.Json.WriteEndObject();
        }

        w.Json.WriteEndArray();
    }
}
