"""Pictures of reports, made to be read on a phone: 1080 pixels wide, on a ground of their own for any theme of a chat.

matplotlib takes a second to import: whoever shows no picture imports nothing from here.
"""
