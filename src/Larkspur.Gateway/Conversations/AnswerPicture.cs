using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Conversations;

/// <summary>A picture that an answer shows.</summary>
/// <param name="Name">With its extension; never a path.</param>
/// <param name="ContentType">As its bytes show.</param>
/// <param name="Bytes">All of it.</param>
internal sealed record AnswerPicture(string Name, string ContentType, byte[] Bytes)
{
    /// <summary>A message that is a picture. The platform was given the picture before; the row names it.</summary>
    public static OutboxOperation Operation { get; } = new("picture", Repetition.UnderKey, ConversationTexts.SendPicture);

    /// <summary>The key of the row that sends it.</summary>
    /// <param name="turn">Whose answer it belongs to.</param>
    /// <param name="place">Its place among the answer's pictures, from 0.</param>
    public static string KeyOf(string turn, int place) => $"{turn} picture {place}";
}
